//! Forms: one that is right, and each way a field can be wrong.

use super::*;

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
    users: "",
};

fn read_account(form: &AccountForm<'_>) -> Result<(Account, Vec<Email>), Vec<FieldProblem>> {
    form.read(AccountId::parse("acc_1").expect("an id"))
}

fn named(problems: &[FieldProblem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.field.as_str()).collect()
}

#[test]
fn an_operator_is_read_without_blanks() {
    let operator = OPERATOR.read().expect("an operator");
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
        assert_eq!(form.read(), Err(expected), "{field}: {problem:?}");
    }
}

#[test]
fn an_empty_form_names_every_field_that_is_needed() {
    let empty = OperatorForm {
        name: "",
        street: "",
        postal_code: "",
        city: "",
        vat_id: "",
        tax_number: "",
        register: "",
        directors: "",
        email: "",
        phone: "",
        bank_name: "",
        iban: "",
        bic: "",
        invoice_prefix: "",
        payment_term_days: "",
    };
    let problems = empty.read().expect_err("problems");
    assert_eq!(problems.len(), 13, "all but register entry and directors, which not everybody has");
    assert!(problems.iter().all(|problem| problem.problem == Problem::Missing));
    let empty = AccountForm {
        name: "",
        street: "",
        postal_code: "",
        city: "",
        country: "",
        vat_id: "",
        billing_email: "",
        language: "",
        payer: "",
        users: "",
    };
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
        vat_id: "ATU 123 456 78",
        language: "en",
        users: "a@example.org,\r\nb@example.org; A@Example.org\tc@example.org\r\n",
        ..ACCOUNT
    };
    let (account, users) = read_account(&abroad).expect("an account");
    assert_eq!((account.vat_id.as_deref(), account.language), (Some("ATU12345678"), Language::En));
    let users: Vec<&str> = users.iter().map(Email::as_str).collect();
    assert_eq!(users, ["a@example.org", "b@example.org", "c@example.org"]);
}

#[test]
fn each_field_of_an_account_is_checked() {
    let long = "x".repeat(201);
    let many: Vec<String> = (0..=USERS_LIMIT).map(|number| format!("a{number}@example.org")).collect();
    let many = many.join("\n");
    let good = ACCOUNT;
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
        (AccountForm { users: "a@example.org b@", ..good }, "users", wrong(&["b@"])),
        (AccountForm { users: "Anna <a@example.org>", ..good }, "users", wrong(&["Anna", "<a@example.org>"])),
        (AccountForm { users: &many, ..good }, "users", Problem::TooManyEmails { most: 20 }),
    ];
    for (form, field, problem) in rows {
        let problems = read_account(form).expect_err(field);
        assert_eq!(problems, [FieldProblem::new(*field, problem.clone())], "{field}: {problem:?}");
    }
}
