"""Tables of the embedded backend. Money is whole cents, a date is ISO text.

What is told can be told anew at any time: when its shape changes, its tables are dropped and made again. What was
filed is kept: when its shape changes, `MIGRATIONS` gets a step and `SCHEMA_VERSION` rises.
"""

from __future__ import annotations

SCHEMA_VERSION = 2

# Children before parents, so that no reference is ever left hanging.
TOLD_TABLES = ("payments", "bill_items", "bills", "usage", "orders", "lines", "customers", "tariffs", "told")

TOLD = """
CREATE TABLE told (as_of TEXT NOT NULL);

CREATE TABLE tariffs (
    code TEXT PRIMARY KEY, kind TEXT NOT NULL, name_es TEXT NOT NULL, name_en TEXT NOT NULL,
    includes_es TEXT NOT NULL, includes_en TEXT NOT NULL, price_cents INTEGER NOT NULL, data_mb INTEGER,
    roaming_mb INTEGER, speed_mb INTEGER, position INTEGER NOT NULL
);
CREATE TABLE customers (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, locale TEXT NOT NULL, phone TEXT NOT NULL UNIQUE,
    postcode TEXT NOT NULL, next_bill_on TEXT NOT NULL, street TEXT, city TEXT, email TEXT, contact_phone TEXT,
    direct_debit TEXT
);
CREATE TABLE lines (
    id TEXT PRIMARY KEY, customer_id TEXT NOT NULL REFERENCES customers, number TEXT,
    tariff_code TEXT NOT NULL REFERENCES tariffs, status TEXT NOT NULL, since TEXT NOT NULL, permanence_ends TEXT,
    promotion_es TEXT, promotion_en TEXT, promotion_cents INTEGER, promotion_ends TEXT,
    next_tariff_code TEXT REFERENCES tariffs, next_tariff_on TEXT, ends_on TEXT, credit_cents INTEGER
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
    method TEXT NOT NULL, status TEXT NOT NULL, PRIMARY KEY (bill_number, made_on)
);
CREATE TABLE usage (
    customer_id TEXT NOT NULL REFERENCES customers, number TEXT NOT NULL, used_mb INTEGER NOT NULL,
    included_mb INTEGER, renews_on TEXT NOT NULL, past_mb TEXT NOT NULL, PRIMARY KEY (customer_id, number)
);
CREATE TABLE orders (
    id TEXT PRIMARY KEY, customer_id TEXT NOT NULL REFERENCES customers, name_es TEXT NOT NULL,
    name_en TEXT NOT NULL, status TEXT NOT NULL, placed_on TEXT NOT NULL, expected_on TEXT
);
"""

COMPLAINTS = """
CREATE TABLE complaints (
    code TEXT PRIMARY KEY, idempotency_key TEXT NOT NULL UNIQUE, customer_id TEXT, conversation_id TEXT NOT NULL,
    kind TEXT NOT NULL, status TEXT NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL,
    filed_on TEXT NOT NULL, answer_by TEXT NOT NULL
);
CREATE INDEX complaints_of_customer ON complaints (customer_id);
CREATE INDEX complaints_in_conversation ON complaints (conversation_id);
"""

# What turns the version in front into the next one. A new file goes through all of them.
REQUESTS_AND_DISPUTES = """
ALTER TABLE complaints ADD COLUMN bill_number TEXT;
ALTER TABLE complaints ADD COLUMN disputed_cents INTEGER;
CREATE TABLE requests (
    code TEXT PRIMARY KEY, idempotency_key TEXT NOT NULL UNIQUE, customer_id TEXT NOT NULL, kind TEXT NOT NULL,
    wish TEXT NOT NULL, made_on TEXT NOT NULL, due_on TEXT, subject_es TEXT NOT NULL, subject_en TEXT NOT NULL,
    slot_id TEXT, is_withdrawn INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX requests_of_customer ON requests (customer_id);
CREATE UNIQUE INDEX one_visit_in_a_slot ON requests (slot_id) WHERE slot_id IS NOT NULL AND is_withdrawn = 0;
"""
MIGRATIONS = {0: COMPLAINTS, 1: REQUESTS_AND_DISPUTES}
