//! Add-ons and windows of time.

use domain::catalog::names::AddOnId;
use domain::catalog::plan::{AddOn, Response};
use domain::catalog::window::Window;

use crate::catalogue::title;
use crate::cursor::{Cursor, Fields};
use crate::document::Value;
use crate::place::short;

/// Keys of an add-on.
pub(crate) const ADD_ON_KEYS: [&str; 4] = ["title", "requires", "trial_days", "response"];
/// Keys of a promise to respond.
pub(crate) const RESPONSE_KEYS: [&str; 2] = ["hours", "windows"];

/// Reads an add-on.
pub(super) fn add_on(cursor: &Cursor<'_>) -> Option<AddOn> {
    let id = cursor.key_name(AddOnId::parse);
    let fields = cursor.fields(&ADD_ON_KEYS)?;
    let add_on = AddOn {
        title: title(&fields),
        requires: fields.names("requires", AddOnId::parse),
        trial_days: fields.read("trial_days", Cursor::small).unwrap_or(0),
        response: fields.read("response", response),
        id: id?,
    };
    Some(add_on)
}

fn response(cursor: &Cursor<'_>) -> Option<Response> {
    let fields = cursor.fields(&RESPONSE_KEYS)?;
    let hours = fields.required("hours", "hours of business within which the answer is given");
    let hours = hours.and_then(|hours| hours.small());
    fields.required("windows", "the hours of business, for example [\"mon-fri 09:00-17:00\"]")?;
    Some(Response { windows: windows(&fields)?, hours: hours? })
}

/// Reads the list of windows of a table; none of them if one is mistaken, since none at all means any hour.
pub(super) fn windows(fields: &Fields<'_>) -> Option<Vec<Window>> {
    let Some(list) = fields.get("windows") else { return Some(Vec::new()) };
    let windows: Vec<Option<Window>> = list.items().iter().map(window).collect();
    if !matches!(list.value(), Value::Array(_)) {
        return None;
    }
    windows.into_iter().collect()
}

fn window(cursor: &Cursor<'_>) -> Option<Window> {
    let text = cursor.text()?;
    Window::parse(text).map_err(|error| cursor.refuse(format!("\"{}\" are no hours; {error}", short(text)))).ok()
}
