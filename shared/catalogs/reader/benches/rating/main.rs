//! How many accounts a second are rated on one core: `cargo bench -p catalogs --bench rating`.
#![expect(clippy::expect_used, reason = "a bench ends by a panic")]

mod accounts;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn rating(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rating");
    group.throughput(Throughput::Elements(1));
    for account in accounts::accounts() {
        assert_eq!(accounts::outcome(&account.rate()), account.net, "{}", account.name);
        group.bench_function(account.name, |bencher| bencher.iter(|| black_box(&account).rate()));
    }
    group.finish();
}

criterion_group!(benches, rating);
criterion_main!(benches);
