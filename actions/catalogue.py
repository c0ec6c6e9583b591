"""Every action there is."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action

from actions.account_action import Office
from actions.cancel_service import CancelService
from actions.case_status import CaseStatus
from actions.change_plan import ChangePlan
from actions.check_balance import CheckBalance
from actions.complaint import AskComplaintConfirmed, FinishComplaint, ValidateComplaintForm
from actions.current_plan import CurrentPlan
from actions.data_requests import AskEraseDataConfirmed, ExportData, TakeEraseData
from actions.data_usage import DataUsage
from actions.direct_debit import ChangeDirectDebit
from actions.due_date import DueDate
from actions.explain_charge import ExplainCharge
from actions.forms.flow import Flow
from actions.forms.steps import actions_of
from actions.identify import FinishIdentify, ValidateIdentifyForm
from actions.internet_fault import InternetFault
from actions.invoice_copy import InvoiceCopy
from actions.order_technician import OrderTechnician
from actions.outage import Outage
from actions.permanence import Permanence
from actions.personal_data import ChangePersonalData
from actions.roaming import Roaming
from actions.suspension import Suspension
from actions.tariff_list import TariffList
from actions.topup import Topup

FLOWS: tuple[Flow[Any], ...] = (
    ChangePlan(),
    Topup(),
    ChangeDirectDebit(),
    ChangePersonalData(),
    CancelService(),
    InternetFault(),
    OrderTechnician(),
)


def all_actions(office: Office) -> tuple[Action, ...]:
    answers = _answers(office)
    return (
        *answers,
        *(action for flow in FLOWS for action in actions_of(office, flow)),
        ValidateComplaintForm(),
        AskComplaintConfirmed(),
        FinishComplaint(office),
        TakeEraseData(office),
        AskEraseDataConfirmed(office),
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
        Outage(office),
        Roaming(office),
        TariffList(office),
        CaseStatus(office),
        ExportData(office),
    )
