//! Forms: one that is right, and each way a field can be wrong.

use super::account::{AccountForm, PaymentForm, USERS_LIMIT};
use super::issuer::OperatorForm;
use crate::account::{Account, PaymentMethod, VatCheck};
use crate::calendar::Day;
use crate::contact::Email;
use crate::ids::AccountId;
use crate::language::Language;
use crate::problem::{FieldProblem, Problem};

const OPERATOR: OperatorForm<'static> = OperatorForm {
    name: " Einlass Betriebs GmbH ",
    street: "Speicherstraße 12",
    postal_code: "20457",
    city: "Hamburg",
    vat_id: "DE 123 456 788",
    tax_number: "48/123/45678",
    register: "Amtsgericht Hamburg, HRB 123456",
    directors: "Johanna Petersen",
    email: "rechnung@einlass.example",
    phone: "+49 40 123456-0",
    bank_name: "Musterbank Hamburg",
    iban: "DE89 3704 0044 0532 0130 00",
    bic: "cobadeffxxx",
    invoice_prefix: "RE",
    payment_term_days: "14",
    small_business: "",
    vat_check_required: "",
    contact_name: "",
    website: "",
    creditor_id: "",
    number_format: "",
    colour: "",
};

const ACCOUNT: AccountForm<'static> = AccountForm {
    name: "Musterhaus e. K.",
    street: "Am Markt 7",
    postal_code: "27356",
    city: "Rotenburg (Wümme)",
    country: "DE",
    vat_id: "",
    billing_email: "buchhaltung@musterhaus.example",
    language: "de",
    payer: "",
    leitweg_id: "",
    order_reference: "",
    payment: TRANSFER,
    partner_payment: TRANSFER,
    dunning_stopped: "",
    users: "",
};

const TRANSFER: PaymentForm<'static> =
    PaymentForm { method: "transfer", reference: "", signed_on: "", iban: "", holder: "" };

const DEBIT: PaymentForm<'static> = PaymentForm {
    method: "direct_debit",
    reference: "M-10001",
    signed_on: "2026-11-01",
    iban: "GB29 NWBK 6016 1331 9268 19",
    holder: "Musterhaus e. K.",
};

fn today() -> Day {
    Day::parse("2026-11-27").expect("a day")
}

fn read_account(form: &AccountForm<'_>) -> Result<(Account, Vec<Email>), Vec<FieldProblem>> {
    form.read(AccountId::parse("acc_1").expect("an id"), None, today())
}

fn named(problems: &[FieldProblem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.field.as_str()).collect()
}

#[test]
fn an_operator_is_read_without_blanks() {
    let operator = OPERATOR.read(None).expect("an operator");
    assert_eq!(operator.name, "Einlass Betriebs GmbH");
    assert_eq!((operator.vat_id.as_str(), operator.bic.as_str()), ("DE123456788", "COBADEFFXXX"));
    assert_eq!(operator.iban, "DE89370400440532013000");
    assert_eq!((operator.address.country.as_str(), operator.payment_term_days), ("DE", 14));
}

#[test]
fn each_field_of_an_operator_is_checked() {
    let long = "x".repeat(201);
    let good = OPERATOR;
    let range = Problem::OutOfRange { least: 1, most: 90 };
    let rows: &[(OperatorForm<'_>, &str, Problem)] = &[
        (OperatorForm { name: " ", ..good }, "name", Problem::Missing),
        (OperatorForm { name: &long, ..good }, "name", Problem::TooLong { most: 200 }),
        (OperatorForm { name: "A\nB", ..good }, "name", Problem::ControlCharacters),
        (OperatorForm { street: &long, ..good }, "street", Problem::TooLong { most: 100 }),
        (OperatorForm { postal_code: "2045", ..good }, "postal_code", Problem::NotAPostalCode),
        (OperatorForm { city: "", ..good }, "city", Problem::Missing),
        (OperatorForm { vat_id: "DE1234567", ..good }, "vat_id", Problem::NotAVatId),
        // The seller's VAT id is German, as its VAT is.
        (OperatorForm { vat_id: "ATU12345678", ..good }, "vat_id", Problem::NotAVatId),
        (OperatorForm { tax_number: &long, ..good }, "tax_number", Problem::TooLong { most: 40 }),
        (OperatorForm { register: "HRB\n1", ..good }, "register", Problem::ControlCharacters),
        (OperatorForm { directors: "A\tB", ..good }, "directors", Problem::ControlCharacters),
        (OperatorForm { email: "rechnung", ..good }, "email", Problem::NotAnEmail),
        (OperatorForm { phone: "", ..good }, "phone", Problem::Missing),
        (OperatorForm { bank_name: "", ..good }, "bank_name", Problem::Missing),
        (OperatorForm { iban: "DE89370400440532013001", ..good }, "iban", Problem::NotAnIban),
        (OperatorForm { bic: "COBADEF", ..good }, "bic", Problem::NotABic),
        (OperatorForm { invoice_prefix: "RE26", ..good }, "invoice_prefix", Problem::NotAPrefix),
        (OperatorForm { vat_id: "DE123456789", ..good }, "vat_id", Problem::NotAVatId),
        (OperatorForm { contact_name: &long, ..good }, "contact_name", Problem::TooLong { most: 100 }),
        (OperatorForm { website: "einlass", ..good }, "website", Problem::NotAWebsite),
        (OperatorForm { creditor_id: "DE97ZZZ09999999999", ..good }, "creditor_id", Problem::NotACreditorId),
        (OperatorForm { colour: "green", ..good }, "colour", Problem::NotAColour),
        (OperatorForm { colour: "#ffffff", ..good }, "colour", Problem::TooLight { contrast_tenths: 10 }),
        (OperatorForm { number_format: "{year}-{number}", ..good }, "number_format", Problem::NotANumberFormat),
        (OperatorForm { payment_term_days: "", ..good }, "payment_term_days", Problem::Missing),
        (OperatorForm { payment_term_days: "0", ..good }, "payment_term_days", range.clone()),
        (OperatorForm { payment_term_days: "91", ..good }, "payment_term_days", range.clone()),
        (OperatorForm { payment_term_days: "-1", ..good }, "payment_term_days", range.clone()),
        (OperatorForm { payment_term_days: "1.5", ..good }, "payment_term_days", range.clone()),
        (OperatorForm { payment_term_days: "vierzehn", ..good }, "payment_term_days", range.clone()),
        (OperatorForm { payment_term_days: "18446744073709551616", ..good }, "payment_term_days", range.clone()),
    ];
    for (form, field, problem) in rows {
        let expected = vec![FieldProblem::new(*field, problem.clone())];
        assert_eq!(form.read(None), Err(expected), "{field}: {problem:?}");
    }
}

#[test]
fn an_empty_form_names_every_field_that_is_needed() {
    let empty = OperatorForm::default();
    let problems = empty.read(None).expect_err("problems");
    assert_eq!(
        problems.len(),
        12,
        "all but register entry, directors and one of the two tax ids, which not everybody has"
    );
    assert!(problems.iter().all(|problem| problem.problem == Problem::Missing));
    let empty = AccountForm::default();
    let problems = read_account(&empty).expect_err("problems");
    assert_eq!(named(&problems), ["name", "street", "postal_code", "city", "country", "billing_email", "language"]);
}

#[test]
fn an_account_is_read_with_who_may_sign_in() {
    let (account, users) = read_account(&ACCOUNT).expect("an account");
    assert_eq!((account.id.as_str(), account.vat_id, users.len()), ("acc_1", None, 0));
    let abroad = AccountForm {
        country: "AT",
        postal_code: "1010",
        vat_id: "ATU 123 456 75",
        language: "en",
        users: "a@example.org,\r\nb@example.org; A@Example.org\tc@example.org\r\n",
        ..ACCOUNT
    };
    let (account, users) = read_account(&abroad).expect("an account");
    assert_eq!((account.vat_id.as_deref(), account.language), (Some("ATU12345675"), Language::En));
    let users: Vec<&str> = users.iter().map(Email::as_str).collect();
    assert_eq!(users, ["a@example.org", "b@example.org", "c@example.org"]);
}

#[test]
fn each_field_of_an_account_is_checked() {
    let long = "x".repeat(201);
    let many: Vec<String> = (0..=USERS_LIMIT).map(|number| format!("a{number}@example.org")).collect();
    let many = many.join("\n");
    let good = ACCOUNT;
    let methods = Problem::NotAllowed { expected: "transfer, direct_debit".to_owned() };
    let languages = Problem::NotAllowed { expected: "de, en".to_owned() };
    let wrong = |texts: &[&str]| Problem::NotEmails { wrong: texts.iter().map(|text| (*text).to_owned()).collect() };
    let rows: &[(AccountForm<'_>, &str, Problem)] = &[
        (AccountForm { name: "", ..good }, "name", Problem::Missing),
        (AccountForm { name: &long, ..good }, "name", Problem::TooLong { most: 200 }),
        (AccountForm { street: "Am\tMarkt", ..good }, "street", Problem::ControlCharacters),
        (AccountForm { postal_code: "1010", ..good }, "postal_code", Problem::NotAPostalCode),
        (AccountForm { city: &long, ..good }, "city", Problem::TooLong { most: 100 }),
        (AccountForm { country: "D1", ..good }, "country", Problem::NotACountry),
        (AccountForm { country: "Österreich", ..good }, "country", Problem::NotACountry),
        (AccountForm { vat_id: "123456788", ..good }, "vat_id", Problem::NotAVatId),
        (AccountForm { billing_email: "a@", ..good }, "billing_email", Problem::NotAnEmail),
        (AccountForm { billing_email: "a@b.de, c@d.de", ..good }, "billing_email", Problem::NotAnEmail),
        (AccountForm { language: "fr", ..good }, "language", languages.clone()),
        (AccountForm { leitweg_id: "04011000-12345-07", ..good }, "leitweg_id", Problem::NotALeitwegId),
        (AccountForm { order_reference: "A\nB", ..good }, "order_reference", Problem::ControlCharacters),
        (AccountForm { dunning_stopped: &long, ..good }, "dunning_stopped", Problem::TooLong { most: 200 }),
        (AccountForm { payment: PaymentForm { method: "cash", ..DEBIT }, ..good }, "payment", methods.clone()),
        (debit(|form| form.reference = ""), "mandate_reference", Problem::Missing),
        (debit(|form| form.reference = "M 1"), "mandate_reference", Problem::NotAMandateReference),
        (debit(|form| form.signed_on = "2026-11-28"), "mandate_signed_on", Problem::InTheFuture),
        (debit(|form| form.signed_on = "gestern"), "mandate_signed_on", Problem::NotADay),
        (debit(|form| form.iban = "GB29 NWBK 6016 1331 9268 18"), "mandate_iban", Problem::NotAnIban),
        (debit(|form| form.holder = ""), "mandate_holder", Problem::Missing),
        (
            AccountForm { partner_payment: PaymentForm { iban: "", ..DEBIT }, ..good },
            "partner_mandate_iban",
            Problem::Missing,
        ),
        (AccountForm { users: "a@example.org b@", ..good }, "users", wrong(&["b@"])),
        (AccountForm { users: "Anna <a@example.org>", ..good }, "users", wrong(&["Anna", "<a@example.org>"])),
        (AccountForm { users: &many, ..good }, "users", Problem::TooManyEmails { most: 20 }),
    ];
    for (form, field, problem) in rows {
        let problems = read_account(form).expect_err(field);
        assert_eq!(problems, [FieldProblem::new(*field, problem.clone())], "{field}: {problem:?}");
    }
}

/// The account with a mandate that is changed.
fn debit(change: impl Fn(&mut PaymentForm<'static>)) -> AccountForm<'static> {
    let mut payment = DEBIT;
    change(&mut payment);
    AccountForm { payment, ..ACCOUNT }
}

#[test]
fn all_problems_of_a_mandate_are_named_at_once_z6() {
    let empty = PaymentForm { method: "direct_debit", ..PaymentForm::default() };
    let problems = read_account(&AccountForm { payment: empty, ..ACCOUNT }).expect_err("problems");
    assert_eq!(named(&problems), ["mandate_reference", "mandate_iban", "mandate_holder", "mandate_signed_on"]);
    // What is left in the fields of a mandate does not matter to one who transfers.
    let (account, _) =
        read_account(&AccountForm { payment: PaymentForm { method: "", ..DEBIT }, ..ACCOUNT }).expect("an account");
    assert_eq!(account.terms.payment, PaymentMethod::Transfer);
}

#[test]
fn terms_are_read_and_evidence_stays_with_its_vat_id_i4() {
    let form = AccountForm {
        vat_id: "ATU12345675",
        leitweg_id: "04011000-1234512345-06",
        order_reference: " B-17 ",
        payment: DEBIT,
        dunning_stopped: "Ratenzahlung vereinbart",
        ..ACCOUNT
    };
    let check = VatCheck {
        vat_id: "ATU12345675".to_owned(),
        checked_at: today().start(),
        valid: true,
        request_id: None,
        name: None,
    };
    let read = |form: AccountForm<'_>| {
        form.read(AccountId::parse("acc_1").expect("an id"), Some(check.clone()), today()).expect("an account").0.terms
    };
    let terms = read(form);
    assert_eq!(terms.vat_check.as_ref(), Some(&check));
    assert_eq!(terms.leitweg_id.as_deref(), Some("04011000-1234512345-06"));
    assert_eq!(
        (terms.order_reference.as_deref(), terms.dunning_stopped.as_deref()),
        (Some("B-17"), Some("Ratenzahlung vereinbart"))
    );
    let PaymentMethod::DirectDebit(mandate) = terms.payment else { panic!("a mandate") };
    assert_eq!(
        (mandate.iban.as_str(), mandate.signed_on.to_string()),
        ("GB29NWBK60161331926819", "2026-11-01".to_owned())
    );
    assert_eq!(terms.partner_payment, PaymentMethod::Transfer);
    assert_eq!(read(AccountForm { vat_id: "ATU13585627", ..form }).vat_check, None, "another id");
    assert_eq!(read(AccountForm { vat_id: "", ..form }).vat_check, None, "no id");
}

#[test]
fn terms_of_an_issuer_are_read() {
    let form = OperatorForm {
        small_business: "yes",
        contact_name: "Buchhaltung",
        website: "www.einlass.example",
        creditor_id: "DE98 ZZZ 0999 9999 999",
        number_format: "{prefix}.{yy}.{number}",
        colour: "#1F6F54",
        ..OPERATOR
    };
    let terms = form.read(Some("logos/1.png".to_owned())).expect("an operator").terms;
    assert!(terms.small_business && !terms.vat_check_required);
    assert_eq!(terms.number_format.as_deref(), Some("{prefix}.{yy}.{number}"));
    assert_eq!((terms.creditor_id.as_deref(), terms.colour.as_deref()), (Some("DE98ZZZ09999999999"), Some("#1f6f54")));
    assert_eq!(terms.logo.as_deref(), Some("logos/1.png"), "the logo stays");
}
