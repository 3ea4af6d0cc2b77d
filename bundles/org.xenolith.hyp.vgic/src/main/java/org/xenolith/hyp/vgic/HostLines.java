// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import org.xenolith.hyp.api.HostInterrupt;
import org.xenolith.hyp.api.HostInterrupts;
import org.xenolith.hyp.api.HostInterruptsPort;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.machine.api.DeviceContext;

/** Devices' interrupt lines, which the hypervisor's own drivers claim on every architecture: here an input's number is its INTID. */
final class HostLines implements HostInterrupts {
  private static final int SPECIFIER = 3;
  private static final int SHARED = 0;
  private static final int FIRST_SHARED = 32;
  private static final int RISING = 1;
  private static final int FALLING = 2;

  private final DeviceContext context;
  private final VirtualGicPort gic;
  private final HostInterruptsPort lines;
  private final HostInterrupt served;

  HostLines(DeviceContext context, VirtualGicPort gic) {
    this.context = context;
    this.gic = gic;
    lines = context.port(HostInterruptsPort.class);
    served = lines::serve;
  }

  /** Serves them from now on, those that are claimed already, too. */
  void attach() {
    lines.attach(this, context);
    for (int intid = 0; intid < VirtualGicPort.END_OF_INTIDS; intid++) {
      if (lines.claim(intid) != null) {
        hostInterrupt(intid, lines.claim(intid).edge(), true);
      }
    }
  }

  /** Serves them no longer; a later version has claimed them already. */
  void detach() {
    lines.detach(this);
    for (int intid = 0; intid < VirtualGicPort.END_OF_INTIDS; intid++) {
      gic.releaseHost(intid, served);
    }
  }

  /** Kind, number and flags (binding arm,gic-v3): kind 0 is a shared interrupt, of which the first is INTID 32; bits 3:0 of the flags are 1 and 2 for edges. */
  @Override
  public Input input(int[] cells) {
    if (cells.length < SPECIFIER || cells[0] != SHARED || cells[1] < 0 || cells[1] >= VirtualGicPort.END_OF_INTIDS - FIRST_SHARED) {
      return null;
    }
    int trigger = cells[2] & 15;
    return new Input(cells[1] + FIRST_SHARED, trigger == RISING || trigger == FALLING);
  }

  @Override
  public void hostInterrupt(int input, boolean edge, boolean on) {
    if (input >= VirtualGicPort.END_OF_INTIDS) {
      return;
    }
    if (on) {
      gic.claimHost(input, edge, served, context);
    } else {
      gic.releaseHost(input, served);
    }
  }
}
