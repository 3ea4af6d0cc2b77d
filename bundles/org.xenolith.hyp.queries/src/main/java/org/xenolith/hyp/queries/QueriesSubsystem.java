// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.queries;

import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.XenErrno;
import org.xenolith.xen.abi.XenolithGrantStart;
import org.xenolith.xen.abi.XenolithNotificationIrq;
import org.xenolith.xen.abi.XenolithQuery;

/** The two queries ({@code include/xenolith_queries.h}), added to hypercalls of others. What they tell is the domain's: there is no state. */
final class QueriesSubsystem implements DeviceModel {
  private static final int COUNT = 2;

  private final DeviceState state = new DeviceState();
  private final HypercallsPort hypercalls;
  private final SubOperations grants;
  private final SubOperations events;

  QueriesSubsystem(DeviceContext context) {
    hypercalls = context.port(HypercallsPort.class);
    grants = new SubOperations(context).add(SubOperation.of(XenolithQuery.XENOLITH_GNTTABOP_get_start_addr, "get_start_addr",
        new XenolithGrantStart(), QueriesSubsystem::grantStart).unless(QueriesSubsystem::several).target(XenolithGrantStart::dom)
        .needs(Privilege.SELF).answers(XenolithGrantStart.START_ADDR, XenolithGrantStart.SIZE - XenolithGrantStart.START_ADDR));
    events = new SubOperations(context).add(SubOperation.of(XenolithQuery.XENOLITH_EVTCHNOP_get_notification_irq, "get_notification_irq",
        new XenolithNotificationIrq(), QueriesSubsystem::notificationIrq).target(XenolithNotificationIrq::dom).needs(Privilege.SELF)
        .answers(XenolithNotificationIrq.IRQ, XenolithNotificationIrq.SIZE - XenolithNotificationIrq.IRQ));
    if (!context.options().flag(QueriesComponent.STRICT_XEN)) {
      hypercalls.add(HypercallNumber.__HYPERVISOR_grant_table_op, grants, context);
      hypercalls.add(HypercallNumber.__HYPERVISOR_event_channel_op, events, context);
    }
  }

  /** As other calls of grant_table_op that are for one structure. */
  private static int several(Hypercall call) {
    return (int) call.argument(COUNT) == 1 ? 0 : -XenErrno.XEN_EINVAL;
  }

  private static long grantStart(Hypercall call, XenolithGrantStart query, Domain domain) {
    if (query.pad0() != 0 || query.pad1() != 0) {
      return -XenErrno.XEN_EINVAL;
    }
    AddressWindow room = domain.grantRegion();
    if (room == null) {
      return -XenErrno.XEN_ENODEV;
    }
    query.startAddr(room.base());
    query.regionSize(room.size());
    return 0;
  }

  /** It is triggered as trees tell it: by its level, which is low. The service domain hears of events otherwise. */
  private static long notificationIrq(Hypercall call, XenolithNotificationIrq query, Domain domain) {
    if (query.pad() != 0) {
      return -XenErrno.XEN_EINVAL;
    }
    if (domain.kind() == DomainSpec.Kind.SERVICE) {
      return -XenErrno.XEN_ENODEV;
    }
    query.irq(domain.eventInterrupt());
    query.flags(XenolithQuery.XENOLITH_IRQ_ACTIVE_LOW);
    return 0;
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {}

  @Override
  public void removed() {
    hypercalls.release(HypercallNumber.__HYPERVISOR_grant_table_op, grants);
    hypercalls.release(HypercallNumber.__HYPERVISOR_event_channel_op, events);
  }
}
