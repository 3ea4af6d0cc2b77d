// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Sub-operations of sched_op and reasons of a shutdown ({@code sched.h}). Names as there. */
public final class SchedOp {
  public static final int SCHEDOP_yield = 0;
  public static final int SCHEDOP_block = 1;
  public static final int SCHEDOP_shutdown = 2;
  public static final int SCHEDOP_poll = 3;
  public static final int SCHEDOP_remote_shutdown = 4;
  public static final int SCHEDOP_shutdown_code = 5;
  public static final int SCHEDOP_watchdog = 6;
  public static final int SCHEDOP_pin_override = 7;
  public static final int SHUTDOWN_poweroff = 0;
  public static final int SHUTDOWN_reboot = 1;
  public static final int SHUTDOWN_suspend = 2;
  public static final int SHUTDOWN_crash = 3;
  public static final int SHUTDOWN_watchdog = 4;
  public static final int SHUTDOWN_MAX = 5;
  public static final int SHUTDOWN_soft_reset = 5;

  private SchedOp() {
  }
}
