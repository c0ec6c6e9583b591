"""Every action there is."""

from __future__ import annotations

from rasa_sdk import Action

from actions.account_action import Office
from actions.case_status import CaseStatus
from actions.check_balance import CheckBalance
from actions.complaint import AskComplaintConfirmed, FinishComplaint, ValidateComplaintForm
from actions.current_plan import CurrentPlan
from actions.data_usage import DataUsage
from actions.due_date import DueDate
from actions.explain_charge import ExplainCharge
from actions.identify import FinishIdentify, ValidateIdentifyForm
from actions.invoice_copy import InvoiceCopy
from actions.order_technician import OrderTechnician
from actions.permanence import Permanence
from actions.suspension import Suspension


def all_actions(office: Office) -> tuple[Action, ...]:
    answers = _answers(office)
    return (
        *answers,
        ValidateComplaintForm(),
        AskComplaintConfirmed(),
        FinishComplaint(office),
        ValidateIdentifyForm(office),
        FinishIdentify(office, {answer.name(): answer for answer in answers}),
    )


def _answers(office: Office) -> tuple[Action, ...]:
    """Those that answer a question by themselves, in one turn."""
    return (
        CheckBalance(office),
        DueDate(office),
        ExplainCharge(office),
        InvoiceCopy(office),
        CurrentPlan(office),
        DataUsage(office),
        Suspension(office),
        Permanence(office),
        OrderTechnician(office),
        CaseStatus(office),
    )
