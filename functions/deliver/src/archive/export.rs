//! Packs the invoices of a year for an auditor: files of a size that can be handled, each with documents, and a last
//! one with the index of all.

use std::collections::BTreeSet;
use std::io::{Cursor, Write as _};
use std::time::Duration;

use domain::archive::Fault;
use domain::invoice::InvoiceNumber;
use futures::future::try_join_all;
use platform::error::Error;
use platform::files::file_name;
use platform::table::exports::{Export, Row};
use platform::table::keys::moment;
use serde_json::json;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::index::{self, LeftOut, Tables};
use super::{AT_ONCE, Budget, Found};
use crate::Deliver;

/// Bytes of documents after which a file is closed.
const PART_BYTES: usize = 24 * 1024 * 1024;
/// Invoices after which a file is closed, however small they are.
const PART_INVOICES: usize = 1_000;
/// Invoices read at once.
const PAGE: i32 = 50;
/// Time that packing and storing a file may take.
const STEP: Duration = Duration::from_secs(40);
/// Most files of one invocation.
const STEPS: usize = 10_000;
/// Most numbers left out that are looked into one by one.
const LOOKED_INTO: u64 = 1_000;

const ZIP: &str = "application/zip";

/// A file in the making.
struct Part {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    tables: Tables,
    /// Which one it is: 1, 2, 3 …
    index: usize,
    bytes: usize,
    invoices: usize,
}

impl Part {
    fn new(index: usize) -> Self {
        let zip = ZipWriter::new(Cursor::new(Vec::new()));
        Self { zip, tables: Tables::default(), index, bytes: 0, invoices: 0 }
    }

    fn is_full(&self) -> bool {
        self.bytes >= PART_BYTES || self.invoices >= PART_INVOICES
    }

    fn write(&mut self, name: &str, bytes: &[u8], compressed: bool) -> Result<(), Error> {
        // PDFs are compressed already.
        let method = if compressed { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        let wrong = |error: zip::result::ZipError| Error::internal("archive file", error);
        self.zip.start_file(name, SimpleFileOptions::default().compression_method(method)).map_err(wrong)?;
        self.zip.write_all(bytes).map_err(|error| Error::internal("archive file", error))?;
        self.bytes += bytes.len();
        Ok(())
    }

    fn finish(self) -> Result<(Vec<u8>, Tables), Error> {
        let bytes = self.zip.finish().map_err(|error| Error::internal("archive file", error))?;
        Ok((bytes.into_inner(), self.tables))
    }
}

impl Deliver {
    /// Goes on with an export until it is done or the time is nearly out; then the next message goes on.
    ///
    /// # Errors
    /// [`Error`] of the table, the object store or the queue; files that are done are kept.
    #[tracing::instrument(name = "export", skip_all)]
    pub(crate) async fn export(&self, id: &str, budget: Budget) -> Result<(), Error> {
        let mut begun = false;
        for _ in 0..STEPS {
            let export = match self.table.export(id).await {
                Ok(export) if export.done_at.is_none() => export,
                // Done, or removed because it is too old: nobody waits for it.
                Ok(_) | Err(Error::NotFound(_)) => return Ok(()),
                Err(error) => return Err(error),
            };
            // One file at least, so that every message gets further.
            if begun && !budget.has(STEP) {
                break;
            }
            begun = true;
            let (after, part) = Box::pin(self.pack(&export)).await?;
            let next = match part {
                Some(part) => Box::pin(self.store_part(after, part)).await?,
                None => Box::pin(self.store_index(after)).await?,
            };
            self.table.note_exported(&export, &next).await?;
        }
        self.archive_queue.send(&[json!({ "export": id }).to_string()]).await
    }

    /// Packs invoices until a file is full; `None` if none are left.
    async fn pack(&self, export: &Export) -> Result<(Export, Option<Part>), Error> {
        let mut next = export.clone();
        let mut part = Part::new(export.files.len() + 1);
        while !part.is_full() {
            let rows = self.table.rows(&next, PAGE).await?;
            let Some(last) = rows.last() else { break };
            next.after = last.place.clone();
            for some in rows.chunks(AT_ONCE) {
                let found = try_join_all(some.iter().map(|row| async {
                    match &row.archived {
                        Some(archived) => self.found(archived).await,
                        None => Ok(Vec::new()),
                    }
                }));
                for (row, found) in some.iter().zip(found.await?) {
                    add(&mut next, &mut part, row, found)?;
                }
            }
        }
        let part = (part.invoices > 0).then_some(part);
        Ok((next, part))
    }

    async fn store_part(&self, mut export: Export, part: Part) -> Result<Export, Error> {
        let index = part.index;
        let (bytes, tables) = part.finish()?;
        let rows = serde_json::to_vec(&tables).map_err(|error| Error::internal("rows of an export", error))?;
        self.exports.put(&rows_key(&export, index), "application/json", rows).await?;
        self.store(&mut export, format!("belege-{index:03}.zip"), bytes).await?;
        tracing::info!(export.documents = export.documents, "packed");
        Ok(export)
    }

    async fn store(&self, export: &mut Export, name: String, bytes: Vec<u8>) -> Result<(), Error> {
        let size = bytes.len() as u64;
        self.exports.put(&file_key(&export.id, &name), ZIP, bytes).await?;
        export.files.push((name, size));
        Ok(())
    }

    /// Packs the index of all files; the export is done with it.
    async fn store_index(&self, mut export: Export) -> Result<Export, Error> {
        let mut tables = Tables::heads();
        for index in 1..=export.files.len() {
            let rows = self.exports.get(&rows_key(&export, index)).await?;
            let rows = rows.ok_or_else(|| Error::internal("rows of an export", "they are gone"))?;
            tables.push(&serde_json::from_slice(&rows).map_err(|error| Error::internal("rows of an export", error))?);
        }
        let left_out = self.left_out(&export).await?;
        let mut part = Part::new(0);
        // A mark of the byte order is what spreadsheets recognise UTF-8 by.
        let text = |text: &str| format!("\u{feff}{text}").into_bytes();
        part.write(index::READ_ME, &text(&read_me(&export)), true)?;
        part.write(index::INVOICES, &text(&tables.invoices), true)?;
        part.write(index::VAT, &text(&tables.vat), true)?;
        part.write(index::DOCUMENTS, &text(&tables.documents), true)?;
        part.write(index::TOTALS, &text(&index::totals(&export.issuers, &export.totals)), true)?;
        part.write(index::NUMBERS, &text(&index::numbers(&left_out)), true)?;
        let (bytes, _) = part.finish()?;
        self.store(&mut export, "index.zip".to_owned(), bytes).await?;
        export.done_at = Some(moment(self.clock.now()));
        tracing::info!(export.invoices = export.totals.invoices, export.faults = export.faults, "exported");
        Ok(export)
    }

    /// Why numbers have no invoice in the export. One account has no consecutive numbers, so nothing is left out there.
    async fn left_out(&self, export: &Export) -> Result<Vec<LeftOut>, Error> {
        if export.account.is_some() {
            return Ok(Vec::new());
        }
        let mut gaps = export.gaps.clone();
        let mut all: BTreeSet<String> = export.numbers.last().keys().cloned().collect();
        // The operator's own series belongs to it even if none of its invoices is there.
        match self.table.operator().await {
            Ok(operator) => drop(all.insert(InvoiceNumber::series_of(&operator, export.year))),
            Err(Error::NotYet(_)) => {}
            Err(error) => return Err(error),
        }
        for series in &all {
            let next = self.table.series_next(series).await?;
            gaps.extend(export.numbers.rest(series, next).map(|rest| (series.clone(), *rest.start(), *rest.end())));
        }
        let on_their_way =
            if gaps.is_empty() { Vec::new() } else { self.table.invoices_on_their_way(self.clock.now()).await? };
        let (mut left_out, mut looked_into) = (Vec::new(), 0);
        for (series, first, last) in gaps {
            if looked_into + (last - first) >= LOOKED_INTO {
                let why = "nicht einzeln geprüft: zu viele Nummern ohne Rechnung".to_owned();
                left_out.push(LeftOut { series, first, last, why });
                continue;
            }
            for sequence in first..=last {
                looked_into += 1;
                let here =
                    |number: &InvoiceNumber| (number.series.as_str(), number.sequence) == (series.as_str(), sequence);
                let void = self.table.void_reason(&series, sequence).await?;
                let why = match on_their_way.iter().find(|standing| here(&standing.invoice.number)) {
                    Some(standing) => format!(
                        "Rechnung {} über {} {} für {}: ausgestellt, Dokument noch nicht erstellt",
                        standing.invoice.number,
                        standing.invoice.draft.totals.gross.plain().replace('.', ","),
                        standing.invoice.draft.totals.gross.currency().code(),
                        standing.invoice.draft.buyer.id
                    ),
                    None if void.is_some() => format!("Nummer aufgegeben: {}", void.unwrap_or_default()),
                    None if self.table.is_archived(export.year, &series, sequence).await? => {
                        "während des Exports abgelegt; bitte den Export wiederholen".to_owned()
                    }
                    None => "ungeklärt".to_owned(),
                };
                left_out.push(LeftOut { series: series.clone(), first: sequence, last: sequence, why });
            }
        }
        Ok(left_out)
    }
}

fn add(export: &mut Export, part: &mut Part, row: &Row, found: Vec<Found>) -> Result<(), Error> {
    let invoice = &row.standing.invoice;
    let number = invoice.number.to_string();
    export.add(&invoice.seller.name, &invoice.draft.totals).map_err(|error| Error::internal("sum of a year", error))?;
    let gap = export.numbers.see(&invoice.number.series, invoice.number.sequence);
    // One account has no consecutive numbers.
    if let (Some(gap), None) = (gap, &export.account) {
        export.gaps.push((invoice.number.series.clone(), *gap.start(), *gap.end()));
    }
    part.invoices += 1;
    part.tables.add_invoice(invoice);
    if found.is_empty() {
        part.tables.add_nothing(&number);
    }
    for Found { document, content } in found {
        let fault = Fault::of(&document.fingerprint, content.as_ref().map(|(_, fingerprint)| fingerprint));
        export.documents += 1;
        export.faults += u64::from(fault.is_some());
        let path = match &content {
            Some((bytes, _)) => {
                let path = path(&invoice.number.series, invoice.number.sequence, &document.name);
                part.write(&path, bytes, document.content_type != "application/pdf")?;
                path
            }
            None => String::new(),
        };
        part.tables.add_document(&number, &document, (&path, part.index), fault);
    }
    Ok(())
}

/// Where a document lies in its file. Numbers may be written with any character, names of files may not.
fn path(series: &str, sequence: u64, name: &str) -> String {
    format!("belege/{}/{sequence:05}-{}", file_name(series), file_name(name))
}

/// Key of a file of an export.
fn file_key(export: &str, name: &str) -> String {
    platform::table::exports::file_key(export, name)
}

fn rows_key(export: &Export, index: usize) -> String {
    file_key(&export.id, &format!("rows-{index:03}.json"))
}

fn read_me(export: &Export) -> String {
    let whose = match &export.account {
        Some(account) => format!("des Kontos {account}"),
        None => "aller Konten".to_owned(),
    };
    let files: Vec<String> = export.files.iter().map(|(name, size)| format!("  {name}  ({size} Bytes)")).collect();
    let files = if files.is_empty() { "  keine".to_owned() } else { files.join("\r\n") };
    let lines = format!(
        "Rechnungsarchiv {year}, Rechnungen {whose}
Stand: {started}

Inhalt
  rechnungen.csv  eine Zeile je Rechnung, nach Nummernkreis und laufender Nummer
  steuer.csv      eine Zeile je Steuersatz einer Rechnung
  belege.csv      eine Zeile je Dokument mit Datei, Größe und SHA-256-Prüfsumme
  summen.csv      Summen des Jahres nach Aussteller und Steuersatz
  nummern.csv     vergebene Nummern ohne Rechnung in diesem Export, mit Grund

Die Dokumente liegen unverändert, so wie sie versandt wurden, in
{files}

Aufbau der Tabellen
  Zeichensatz UTF-8, Spalten durch Semikolon getrennt, Texte bei Bedarf in
  Anführungszeichen (RFC 4180), Beträge mit Dezimalkomma, Datumsangaben
  JJJJ-MM-TT. Texte, die ein Tabellenprogramm für eine Formel halten könnte,
  beginnen mit einem Apostroph.

Kategorien der Umsatzsteuer (EN 16931)
  S   Steuersatz wie angegeben
  AE  Steuerschuldnerschaft des Leistungsempfängers
  O   nicht im Inland steuerbar
  E   steuerfrei (Kleinunternehmer, § 19 UStG)

Summen
  Rechnungen  {invoices}
  Dokumente   {documents}, davon fehlend oder abweichend {faults}
  Netto       {net}
  Brutto      {gross}
  Stornorechnungen haben negative Beträge; die Summen sind damit bereinigt.

Eine Prüfsumme lässt sich mit jedem Programm für SHA-256 nachrechnen, zum
Beispiel mit sha256sum (Linux), shasum -a 256 (macOS) oder Get-FileHash
(Windows PowerShell).
",
        year = export.year,
        started = export.started_at,
        invoices = export.totals.invoices,
        documents = export.documents,
        faults = export.faults,
        net = export.totals.net.plain().replace('.', ","),
        gross = export.totals.gross.plain().replace('.', ","),
    );
    lines.replace('\n', "\r\n").replace("\r\r\n", "\r\n")
}
