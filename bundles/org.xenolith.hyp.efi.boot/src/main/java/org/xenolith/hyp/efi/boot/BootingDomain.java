// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.boot;

import org.xenolith.efi.api.GuestServicesPort;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.boot.api.BootGuest;
import org.xenolith.hyp.api.Domain;
import org.xenolith.machine.api.DeviceContext;

/** A domain as its firmware's core sees it. */
record BootingDomain(Domain domain, GuestServicesPort services, DeviceContext context) implements BootGuest {
  @Override
  public int number() {
    return domain.serial();
  }

  @Override
  public String name() {
    return "d" + domain.id();
  }

  @Override
  public boolean read(long address, byte[] to, int offset, int length) {
    return domain.memory().read(address, to, offset, length);
  }

  @Override
  public boolean write(long address, byte[] from, int offset, int length) {
    return domain.memory().write(address, from, offset, length);
  }

  @Override
  public void placed(RuntimeMemory memory) {
    services.placed(domain.serial(), memory);
  }

  @Override
  public void report(String kind, String text) {
    context.events().report(kind, name(), text);
  }

  @Override
  public void announce(String kind, String text) {
    context.events().announce(kind, name(), text);
  }
}
