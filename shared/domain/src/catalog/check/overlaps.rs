//! Hours that two charges by time both claim, found on the minutes of one week.

use std::collections::{BTreeMap, HashMap};

use crate::catalog::check::index::Index;
use crate::catalog::check::report::{Place, Report};
use crate::catalog::check::values;
use crate::catalog::window::{DAY_MINUTES, Window};

/// Minutes of the week, Monday 0:00 being 0: from the first to before the second.
pub(super) type Span = (u32, u32);

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const WEEK: u32 = 7 * DAY_MINUTES;

/// The minutes of the week inside any of some windows, earliest first, apart from each other; the whole week
/// if there are no windows.
pub(super) fn spans(windows: &[Window]) -> Vec<Span> {
    if windows.is_empty() {
        return vec![(0, WEEK)];
    }
    let mut spans = Vec::new();
    // A window without hours is a mistake of its own.
    for window in windows.iter().filter(|window| values::has_hours(window)) {
        let (from, to) = (window.from, window.to);
        for (midnight, _) in (0..WEEK).step_by(DAY_MINUTES as usize).zip(window.days).filter(|(_, on)| *on) {
            if from < to {
                spans.push((midnight + from, midnight + to));
            } else {
                spans.extend([(midnight, midnight + to), (midnight + from, midnight + DAY_MINUTES)]);
            }
        }
    }
    spans.retain(|(from, to)| from < to);
    spans.sort_unstable();
    spans.dedup_by(|next, kept| {
        let joins = next.0 <= kept.1;
        if joins {
            kept.1 = kept.1.max(next.1);
        }
        joins
    });
    spans
}

/// Reports charges of a plan that claim the same minute of the same channel: each with all earlier ones that
/// claimed a minute first. `charges` are those of the plan with their places in its list, none twice.
pub(super) fn check<'a>(
    report: &mut Report,
    list: &Place<'_>,
    index: &Index<'_>,
    charges: impl Iterator<Item = (usize, &'a str, &'a str)>,
) {
    let mut channels: HashMap<&str, Claims<'_>> = HashMap::new();
    for (number, charge, channel) in charges {
        let claims = channels.entry(channel).or_default();
        let mut clashes = Vec::new();
        for span in index.spans(charge) {
            clashes.extend(claims.claim(*span, charge));
        }
        // A stable sort, so of each earlier charge the first minute stays.
        clashes.sort_by_key(|(other, _)| *other);
        clashes.dedup_by_key(|(other, _)| *other);
        clashes.sort_by_key(|(_, minute)| *minute);
        for (other, minute) in clashes {
            let (at, place) = (moment(minute), list.at(number));
            report.add(
                &place,
                format!("`{charge}` and `{other}` both price `{channel}` on {at}; let their windows not overlap"),
            );
        }
        if report.full() {
            return;
        }
    }
}

/// Who claimed which minutes first: spans apart from each other, by their start.
#[derive(Default)]
struct Claims<'a>(BTreeMap<u32, (u32, &'a str)>);

impl<'a> Claims<'a> {
    /// Claims what is free of a span; returns who has the rest, each with the first minute in common.
    fn claim(&mut self, (from, to): Span, charge: &'a str) -> Vec<(&'a str, u32)> {
        let before = self.0.range(..from).next_back().filter(|(_, (end, _))| *end > from);
        let within = self.0.range(from..to);
        let taken: Vec<(u32, u32, &str)> =
            before.into_iter().chain(within).map(|(start, (end, owner))| (*start, *end, *owner)).collect();
        let mut clashes = Vec::new();
        let mut free_from = from;
        for (start, end, owner) in taken {
            if free_from < start {
                self.0.insert(free_from, (start, charge));
            }
            // Windows of one charge are apart, so the owner is another one.
            clashes.push((owner, start.max(from)));
            free_from = end;
        }
        if free_from < to {
            self.0.insert(free_from, (to, charge));
        }
        clashes
    }
}

fn moment(minute: u32) -> String {
    let of_day = minute % DAY_MINUTES;
    let day = DAYS.get((minute / DAY_MINUTES) as usize).copied().unwrap_or("Sunday");
    format!("{day} at {:02}:{:02}", of_day / 60, of_day % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_become_minutes_of_the_week() {
        for (windows, expected) in [
            (&[][..], &[(0, WEEK)][..]),
            (&["mon 09:00-10:00"], &[(540, 600)]),
            (&["sun 09:00-24:00"], &[(9_180, WEEK)]),
            (&["mon,wed 22:00-08:00"], &[(0, 480), (1_320, 1_440), (2_880, 3_360), (4_200, 4_320)]),
            (&["mon,tue 22:00-08:00"], &[(0, 480), (1_320, 1_920), (2_760, 2_880)]),
            (&["mon 22:00-00:00"], &[(1_320, 1_440)]),
            (&["mon 10:00-11:00", "mon 09:00-10:30"], &[(540, 660)]),
            (&["mon 10:00-11:00", "mon 09:00-10:00", "mon 08:00-12:00"], &[(480, 720)]),
            (&["sat,sun 00:00-24:00"], &[(7_200, WEEK)]),
        ] {
            let parsed: Vec<Window> = windows.iter().map(|text| Window::parse(text).expect(text)).collect();
            assert_eq!(spans(&parsed), expected, "{windows:?}");
        }
    }

    #[test]
    fn spans_are_the_minutes_windows_contain() {
        for text in ["mon-fri 22:00-08:00", "tue,sun 12:30-13:30", "sat,sun 00:00-24:00", "wed 23:59-00:01"] {
            let window = Window::parse(text).expect(text);
            let spans = spans(&[window]);
            for minute in 0..WEEK {
                let claimed = spans.iter().any(|(from, to)| (*from..*to).contains(&minute));
                let day = (minute / DAY_MINUTES) as usize;
                assert_eq!(claimed, window.contains_minute(day, minute % DAY_MINUTES), "{text} at {minute}");
            }
        }
    }
}
