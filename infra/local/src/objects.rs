//! The object store: S3's interface over a folder, on its own loopback port.
//!
//! An object lies at `folder/<bucket>/<key>` and can be opened there. It is written beside its place and renamed, so
//! a killed process leaves whole objects only.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::error_handling::HandleError;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::Response;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, oneshot};
use tokio::task::JoinHandle;

use crate::Failure;

/// The access key clients sign with.
pub const ACCESS_KEY: &str = "local";
/// The secret that belongs to [`ACCESS_KEY`].
pub const SECRET_KEY: &str = "local-secret";

/// A running object store with one bucket.
pub struct Objects {
    address: SocketAddr,
    bucket_folder: PathBuf,
    stop: oneshot::Sender<()>,
    server: JoinHandle<std::io::Result<()>>,
}

impl Objects {
    /// Serves `folder`, with `bucket` made in it if missing. Clients address buckets in the path, not in the host.
    ///
    /// # Errors
    /// The folder cannot be made or read, or no loopback port is free.
    pub async fn start(folder: &Path, bucket: &str) -> Result<Objects, Failure> {
        let bucket_folder = folder.join(bucket);
        std::fs::create_dir_all(&bucket_folder)?;
        let files = FileSystem::new(folder).map_err(|error| format!("object store folder: {error:?}"))?;
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let service = HandleError::new(service.build(), |error: s3s::HttpError| async move {
            tracing::error!(?error, "the object store failed");
            StatusCode::INTERNAL_SERVER_ERROR
        });
        let router = Router::new()
            .fallback_service(service)
            .layer(middleware::from_fn_with_state(Arc::new(Mutex::new(())), one_put_at_a_time));

        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(async move {
            let stopped = async move {
                // An error only says that the store was dropped, which is to stop it as well.
                let _ = stopped.await;
            };
            axum::serve(listener, router).with_graceful_shutdown(stopped).await
        });
        Ok(Objects { address, bucket_folder, stop, server })
    }

    /// Where the SDK finds it; to be used with path-style addressing.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The folder that holds the bucket's objects under their keys.
    #[must_use]
    pub fn bucket_folder(&self) -> &Path {
        &self.bucket_folder
    }

    /// Lets requests under way finish.
    ///
    /// # Errors
    /// The server failed, or a request took longer than ten seconds.
    pub async fn stop(self) -> Result<(), Failure> {
        // It may have ended by itself; then awaiting it says why.
        let _ = self.stop.send(());
        tokio::time::timeout(crate::store::STOP_TIMEOUT, self.server).await???;
        Ok(())
    }
}

/// `If-None-Match: *` promises that one of two writers loses. The service looks for the object first and renames the
/// new one into its place later; only if no other write comes between is that promise kept.
async fn one_put_at_a_time(State(turn): State<Arc<Mutex<()>>>, request: Request, next: Next) -> Response {
    let _turn = match *request.method() {
        Method::PUT => Some(turn.lock().await),
        _ => None,
    };
    next.run(request).await
}
