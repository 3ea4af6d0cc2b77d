// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Sub-operations of event_channel_op and states of a channel ({@code event_channel.h}). Names as there. */
public final class EventChannelOp {
  public static final int EVTCHNOP_bind_interdomain = 0;
  public static final int EVTCHNOP_bind_virq = 1;
  public static final int EVTCHNOP_bind_pirq = 2;
  public static final int EVTCHNOP_close = 3;
  public static final int EVTCHNOP_send = 4;
  public static final int EVTCHNOP_status = 5;
  public static final int EVTCHNOP_alloc_unbound = 6;
  public static final int EVTCHNOP_bind_ipi = 7;
  public static final int EVTCHNOP_bind_vcpu = 8;
  public static final int EVTCHNOP_unmask = 9;
  public static final int EVTCHNOP_reset = 10;
  public static final int EVTCHNOP_init_control = 11;
  public static final int EVTCHNOP_expand_array = 12;
  public static final int EVTCHNOP_set_priority = 13;
  public static final int EVTCHNSTAT_closed = 0;
  public static final int EVTCHNSTAT_unbound = 1;
  public static final int EVTCHNSTAT_interdomain = 2;
  public static final int EVTCHNSTAT_pirq = 3;
  public static final int EVTCHNSTAT_virq = 4;
  public static final int EVTCHNSTAT_ipi = 5;

  private EventChannelOp() {
  }
}
