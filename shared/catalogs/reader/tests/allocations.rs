//! How often rating asks for memory: a bound, so that a slip is seen without a clock.
#![expect(clippy::expect_used, reason = "a test ends by a panic")]

#[path = "../benches/rating/accounts.rs"]
mod accounts;

use allocation_counter::measure;

#[test]
fn rating_asks_for_little_memory() {
    // A tenth more than they take.
    let most = [84, 40, 206, 74];
    for (account, most) in accounts::accounts().iter().zip(most) {
        let mut rating = None;
        let asked = measure(|| rating = Some(account.rate())).count_total;
        let rating = rating.expect(account.name);
        assert_eq!(accounts::outcome(&rating), account.net, "{}", account.name);
        assert!(asked <= most, "{}: {asked} allocations, at most {most} are meant", account.name);
    }
}
