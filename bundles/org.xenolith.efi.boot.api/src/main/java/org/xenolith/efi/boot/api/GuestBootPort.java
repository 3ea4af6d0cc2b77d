// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import org.xenolith.machine.api.RolePort;

/** Port at the firmware's node by which a hypervisor passes on what the programs in its guests call. Without the core they are answered -1. */
public final class GuestBootPort extends RolePort<GuestBoot> implements GuestBoot {
  private static final long NOT_SUPPORTED = -1;

  @Override
  public boolean answers(int function) {
    return ask(false, core -> core.answers(function));
  }

  @Override
  public void call(BootGuest guest, long[] registers) {
    if (!ask(false, core -> {
      core.call(guest, registers);
      return true;
    })) {
      registers[0] = NOT_SUPPORTED;
    }
  }

  @Override
  public boolean hasBootServices(int guest) {
    return ask(false, core -> core.hasBootServices(guest));
  }

  @Override
  public void gone(int guest) {
    tell(core -> core.gone(guest));
  }
}
