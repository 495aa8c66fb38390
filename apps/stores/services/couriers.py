"""Writers of deliveries: give an order to a courier, leave with it, hand it over against the customer's code.

Every writer locks the order first, so that a courier who leaves and a manager who gives the order to somebody else meet in
one line. A guess is counted, in a transaction of its own, before it is looked at: a thousand tries at once are five.
"""

from uuid import UUID

from django.db.models import F
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.clock import now
from apps.core.problems import Conflict, Invalid, NotFound, Refused
from apps.events.registry import Fact, Subject
from apps.events.services import record, unit_of_work
from apps.stores import facts, facts_delivery
from apps.stores.models import CourierJob, Order, OrderStatus, Proof, Role, Service, Staff
from apps.stores.models.courier import MOST_GUESSES
from apps.stores.queries.couriers import OPEN, delivery_code
from apps.stores.services.order_facts import order_payload
from apps.stores.services.orders import lock_order, move_order


def assign(*, order_id: UUID, courier_id: UUID | None, actor: Actor) -> CourierJob | None:
    """Give an order to a courier, or (None) take it from whoever has it. Giving it to the same one again changes nothing.

    Raises 409 `not_a_delivery`, `delivery_finished`; 400 on `courier` for somebody who is no active courier of the store or
    not of the order's outlet.
    """
    with unit_of_work():
        order = lock_order(order_id)
        if order.service != Service.DELIVERY:
            raise Conflict("not_a_delivery", _("Nobody has to bring this order."))
        if order.status not in OPEN:
            raise Conflict("delivery_finished", _("This order is no longer on its way to anybody."))
        job = CourierJob.objects.filter(order_id=order.pk).first()
        if courier_id is None:
            _release(order, job, actor)
            return None
        courier = _courier(courier_id, order)
        if job is not None and job.courier_id == courier.pk:
            return job
        job = job or CourierJob(order_id=order.pk)
        job.courier, job.courier_name, job.assigned_at = courier, courier.user.display_name, now()
        job.save()
        _tell(facts_delivery.COURIER_ASSIGNED, order, job, actor)
        return job


def _courier(courier_id: UUID, order: Order) -> Staff:
    courier = Staff.objects.filter(pk=courier_id, role=Role.COURIER, is_active=True).select_related("user").first()
    outlets = set(courier.outlet_links.values_list("outlet_id", flat=True)) if courier else set()
    if courier is None or (outlets and order.outlet_id not in outlets):
        text = _("There is no such courier at this branch.")
        raise Invalid("courier_unknown", text, errors={"courier": [text]})
    return courier


def _release(order: Order, job: CourierJob | None, actor: Actor) -> None:
    if job is None:
        return
    if order.status == OrderStatus.OUT_FOR_DELIVERY:
        raise Conflict("already_out", _("The courier has left with it; give it to somebody else instead."))
    _tell(facts_delivery.COURIER_RELEASED, order, job, actor)
    job.delete()


def _tell(fact: Fact, order: Order, job: CourierJob, actor: Actor) -> None:
    """The fact of the delivery, and one of the order for the boards that show who has it."""
    payload = {
        "order_id": str(order.pk), "order_number": order.code, "courier_id": str(job.courier_id) if job.courier_id else None,
        "courier_name": job.courier_name, "proof": job.proof, "guesses": job.guesses,
    }  # fmt: skip
    record(fact, subject=Subject(type="delivery", id=job.pk), payload=payload, actor=actor)
    if fact in (facts_delivery.COURIER_ASSIGNED, facts_delivery.COURIER_RELEASED):
        order.updated_at = now()
        order.save(update_fields=["updated_at"])
        record(
            facts.ORDER_UPDATED, subject=Subject(type="order", id=order.pk), payload=order_payload(order), actor=actor
        )


def _mine(order_id: UUID, user_id: UUID | None) -> tuple[Order, CourierJob]:
    """The order, locked, and its job – if it is (still) that courier's. Raises 404 like for one that does not exist."""
    order = lock_order(order_id)
    job = CourierJob.objects.filter(order_id=order.pk).select_related("courier").first()
    stranger = job is None or (user_id is not None and (job.courier is None or job.courier.user_id != user_id))
    if job is None or stranger:
        raise NotFound("order_not_found", _("There is no such order."))
    return order, job


def pick_up(*, order_id: UUID, user_id: UUID | None, actor: Actor) -> None:
    """Leave with an order. `user_id`: of the courier; None for staff who may do it for anybody. Raises 404, 409."""
    with unit_of_work():
        order, _job = _mine(order_id, user_id)
        move_order(order_id=order.pk, to=OrderStatus.OUT_FOR_DELIVERY, actor=actor)


def deliver_with_code(*, order_id: UUID, user_id: UUID | None, code: str, actor: Actor) -> None:
    """Hand an order over against the customer's code.

    Raises 422 `delivery_code_wrong` with `left`, 409 `delivery_code_locked` when no guess is left, 409 `illegal_transition`
    when the order is not on its way (which costs no guess), 404 when it is not this courier's.
    """
    with unit_of_work():
        order, job = _mine(order_id, user_id)
        if order.status != OrderStatus.OUT_FOR_DELIVERY:
            move_order(order_id=order.pk, to=OrderStatus.DELIVERED, actor=actor)  # says why it cannot
        right = constant_time_compare(code.strip(), delivery_code(order))
        left = _count_guess(job)
        if right:
            _finish(order, job, proof=Proof.CODE, reason="", actor=actor)
            return
        _tell(facts_delivery.CODE_REFUSED, order, job, actor)
    raise Refused(
        "delivery_code_wrong",
        _("This is not the customer's code."),
        left=left,
        errors={"code": [_("This is not the customer's code.")]},
    )


def _count_guess(job: CourierJob) -> int:
    """Spend one guess by conditional update; how many are left. Raises 409 `delivery_code_locked`."""
    spent = CourierJob.objects.filter(pk=job.pk, guesses__lt=MOST_GUESSES).update(guesses=F("guesses") + 1)
    if not spent:
        raise Conflict("delivery_code_locked", _("Too many wrong codes. The store has to confirm this delivery."))
    job.refresh_from_db(fields=["guesses"])
    return MOST_GUESSES - int(job.guesses)


def deliver_with_reason(*, order_id: UUID, reason: str, actor: Actor) -> None:
    """The store says that an order arrived, without a code, and why. Raises 400 `reason_required`, 404, 409."""
    if not reason.strip():
        raise Invalid("reason_required", _("Say why there is no code."), errors={"reason": [_("Required.")]})
    with unit_of_work():
        order, job = _mine(order_id, None)
        _finish(order, job, proof=Proof.REASON, reason=reason.strip()[:280], actor=actor)


def _finish(order: Order, job: CourierJob, *, proof: str, reason: str, actor: Actor) -> None:
    moved = move_order(order_id=order.pk, to=OrderStatus.DELIVERED, actor=actor, reason=reason or proof)
    job.proof, job.proof_reason, job.proved_at = proof, reason, now()
    job.save(update_fields=["proof", "proof_reason", "proved_at"])
    _tell(facts_delivery.DELIVERY_PROVED, moved, job, actor)
