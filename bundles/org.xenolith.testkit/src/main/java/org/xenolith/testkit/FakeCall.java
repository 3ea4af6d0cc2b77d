// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SmcccHandler.SmcccCall;

/** One firmware call with its registers x0 to x17. */
public final class FakeCall implements SmcccCall {
  private final ArmCpu cpu;
  private final boolean hvc;
  private final long[] x = new long[18];

  FakeCall(ArmCpu cpu, boolean hvc, long[] arguments) {
    this.cpu = cpu;
    this.hvc = hvc;
    System.arraycopy(arguments, 0, x, 0, arguments.length);
  }

  @Override
  public ArmCpu cpu() {
    return cpu;
  }

  @Override
  public boolean hvc() {
    return hvc;
  }

  @Override
  public long argument(int index) {
    return x[index];
  }

  @Override
  public void result(int index, long value) {
    x[index] = value;
  }
}
