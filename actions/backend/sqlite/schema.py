"""Tables of the embedded backend. Money is whole cents, a date is ISO text."""

SCHEMA_VERSION = 1

TABLES = """
CREATE TABLE told (as_of TEXT NOT NULL);

CREATE TABLE tariffs (
    code TEXT PRIMARY KEY, kind TEXT NOT NULL, name_es TEXT NOT NULL, name_en TEXT NOT NULL,
    includes_es TEXT NOT NULL, includes_en TEXT NOT NULL, price_cents INTEGER NOT NULL, data_mb INTEGER,
    position INTEGER NOT NULL
);
CREATE TABLE customers (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, locale TEXT NOT NULL, phone TEXT NOT NULL UNIQUE,
    postcode TEXT NOT NULL, next_bill_on TEXT NOT NULL
);
CREATE TABLE lines (
    id TEXT PRIMARY KEY, customer_id TEXT NOT NULL REFERENCES customers, number TEXT,
    tariff_code TEXT NOT NULL REFERENCES tariffs, status TEXT NOT NULL, since TEXT NOT NULL, permanence_ends TEXT,
    promotion_es TEXT, promotion_en TEXT, promotion_cents INTEGER, promotion_ends TEXT
);
CREATE TABLE bills (
    number TEXT PRIMARY KEY, customer_id TEXT NOT NULL REFERENCES customers, period_start TEXT NOT NULL,
    period_end TEXT NOT NULL, issued_on TEXT NOT NULL, due_on TEXT NOT NULL, total_cents INTEGER NOT NULL
);
CREATE INDEX bills_of_customer ON bills (customer_id, issued_on);
CREATE TABLE bill_items (
    bill_number TEXT NOT NULL REFERENCES bills, position INTEGER NOT NULL, kind TEXT NOT NULL,
    name_es TEXT NOT NULL, name_en TEXT NOT NULL, amount_cents INTEGER NOT NULL,
    PRIMARY KEY (bill_number, position)
);
CREATE TABLE payments (
    bill_number TEXT NOT NULL REFERENCES bills, amount_cents INTEGER NOT NULL, made_on TEXT NOT NULL,
    PRIMARY KEY (bill_number, made_on)
);
CREATE TABLE usage (
    customer_id TEXT NOT NULL REFERENCES customers, number TEXT NOT NULL, used_mb INTEGER NOT NULL,
    included_mb INTEGER, renews_on TEXT NOT NULL, PRIMARY KEY (customer_id, number)
);
CREATE TABLE orders (
    id TEXT PRIMARY KEY, customer_id TEXT NOT NULL REFERENCES customers, name_es TEXT NOT NULL,
    name_en TEXT NOT NULL, status TEXT NOT NULL, placed_on TEXT NOT NULL, expected_on TEXT
);
CREATE TABLE complaints (
    code TEXT PRIMARY KEY, idempotency_key TEXT NOT NULL UNIQUE, customer_id TEXT, conversation_id TEXT NOT NULL,
    kind TEXT NOT NULL, status TEXT NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL,
    filed_on TEXT NOT NULL, answer_by TEXT NOT NULL
);
CREATE INDEX complaints_of_customer ON complaints (customer_id);
CREATE INDEX complaints_in_conversation ON complaints (conversation_id);
"""
