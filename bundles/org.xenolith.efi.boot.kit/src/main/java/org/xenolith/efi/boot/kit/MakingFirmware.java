// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.fdt.Fdt;

/** Firmware that notes what a call makes, and what it gives back itself. */
record MakingFirmware(Firmware firmware, MadeThings made) implements Firmware, HandleDatabase {
  @Override
  public long pages(long count) {
    made.reserve();
    long address = firmware.pages(count);
    made.add(MadeThings.Kind.PAGES, null, address, count);
    return address;
  }

  @Override
  public void freePages(long address, long count) {
    firmware.freePages(address, count);
    made.remove(MadeThings.Kind.PAGES, null, address, count);
  }

  @Override
  public long interfaceMemory(EfiLayer layer, int bytes, int numbers) {
    made.reserve();
    long address = firmware.interfaceMemory(layer, bytes, numbers);
    made.add(MadeThings.Kind.INTERFACE, null, address);
    return address;
  }

  @Override
  public void dropInterface(EfiLayer layer, long place) {
    firmware.dropInterface(layer, place);
    made.remove(MadeThings.Kind.INTERFACE, null, place);
  }

  @Override
  public HandleDatabase handles() {
    return this;
  }

  @Override
  public long install(long handle, EfiGuid protocol, long address) {
    made.reserve();
    long to = firmware.handles().install(handle, protocol, address);
    made.add(MadeThings.Kind.PROTOCOL, protocol, to, address);
    return to;
  }

  @Override
  public void uninstall(long handle, EfiGuid protocol, long address) {
    firmware.handles().uninstall(handle, protocol, address);
    made.remove(MadeThings.Kind.PROTOCOL, protocol, handle, address);
  }

  @Override
  public long open(long handle, EfiGuid protocol, long agent, long controller, int attributes) {
    made.reserve();
    long address = firmware.handles().open(handle, protocol, agent, controller, attributes);
    if (attributes != TEST_PROTOCOL) {
      made.add(MadeThings.Kind.USE, protocol, handle, agent, controller);
    }
    return address;
  }

  @Override
  public void close(long handle, EfiGuid protocol, long agent, long controller) {
    firmware.handles().close(handle, protocol, agent, controller);
    made.remove(MadeThings.Kind.USE, protocol, handle, agent, controller);
  }

  @Override
  public boolean exists(long handle) {
    return firmware.handles().exists(handle);
  }

  @Override
  public boolean has(long handle, EfiGuid protocol) {
    return firmware.handles().has(handle, protocol);
  }

  @Override
  public long find(long handle, EfiGuid protocol) {
    return firmware.handles().find(handle, protocol);
  }

  @Override
  public List<Long> handles(@Nullable EfiGuid protocol) {
    return firmware.handles().handles(protocol);
  }

  @Override
  public List<EfiGuid> protocols(long handle) {
    return firmware.handles().protocols(handle);
  }

  @Override
  public List<Use> uses(long handle, EfiGuid protocol) {
    return firmware.handles().uses(handle, protocol);
  }

  @Override
  public EfiRam memory() {
    return firmware.memory();
  }

  @Override
  public void requireMemory(long address, long length) {
    firmware.requireMemory(address, length);
  }

  @Override
  public Fdt tree() {
    return firmware.tree();
  }

  @Override
  public String machine() {
    return firmware.machine();
  }

  @Override
  public long counter() {
    return firmware.counter();
  }

  @Override
  public long frequency() {
    return firmware.frequency();
  }

  @Override
  public long[] numbers(EfiLayer layer, long place) {
    return firmware.numbers(layer, place);
  }

  @Override
  public long function(EfiLayer layer, String name) {
    return firmware.function(layer, name);
  }

  @Override
  public long service(BootService service) {
    return firmware.service(service);
  }

  @Override
  public long systemTable() {
    return firmware.systemTable();
  }

  @Override
  public void consoles(long input, long output) {
    firmware.consoles(input, output);
  }

  @Override
  public void report(String text) {
    firmware.report(text);
  }

  @Override
  public long image() {
    return firmware.image();
  }
}
