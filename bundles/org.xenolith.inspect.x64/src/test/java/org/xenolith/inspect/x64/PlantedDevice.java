// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.x64;

import org.xenolith.machine.kit.ViewContext;
import org.xenolith.x64.api.Cpu;
import org.xenolith.x64.api.MsrHandler;

/** Has model-specific registers of which no table knows. */
final class PlantedDevice implements MsrHandler, ViewContext {
  @Override
  public long read(Cpu cpu, int msr) {
    return 1;
  }

  @Override
  public void write(Cpu cpu, int msr, long value) {}

  @Override
  public String instance() {
    return "/planted";
  }

  @Override
  public int order() {
    return 0;
  }

  @Override
  public void failed(Throwable bug) {
    throw new AssertionError(bug);
  }

  @Override
  public void entered(int cpu) {}
}
