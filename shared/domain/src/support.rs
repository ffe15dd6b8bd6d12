//! Support: business hours and public holidays, and by when an enquiry has to be answered.

pub mod holidays;
pub mod response;
