// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.LayersPort;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fuzz.InstalledComponent;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.efi.FakeFirmware;

/** The product's layers in firmware that is quick to make anew, so that what one input leaves no later one sees; and what is wrong of them. */
final class EfiLayers {
  private static final Map<String, EfiLayer> INSTALLED = new TreeMap<>();

  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final List<EfiLayer> layers = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private int begun;

  /** @param names of layers that begin, in this order */
  EfiLayers(String... names) {
    if (INSTALLED.isEmpty()) {
      FakeContext context = new FakeContext(FakeNode.at(BootNode.PATH).compatible(BootNode.COMPATIBLE).build());
      InstalledComponent.all().stream().filter(each -> each.properties().containsKey("xenolith.efi-layer")).forEach(each -> each.make(
          DeviceModelFactory.class).create(context));
      context.port(LayersPort.class).layers().forEach(claim -> INSTALLED.put(claim.layer().name(), claim.layer()));
    }
    for (String name : names) {
      if (!INSTALLED.containsKey(name)) {
        throw new IllegalStateException("the product has no layer " + name + ", which is to be attacked: build it again");
      }
      layers.add(INSTALLED.get(name));
    }
  }

  FakeFirmware firmware() {
    return firmware;
  }

  /** All layers begin; what is allocated from now on has to be given back. */
  void begin() {
    layers.forEach(each -> each.begin(firmware));
    begun = firmware.allocated();
  }

  /** Connects one of the layers. @return whether it manages the controller now */
  boolean connect(String name, long controller) {
    long status = firmware.connect(INSTALLED.get(name), controller);
    expect(EfiStatus.of(status) != null, name + " returns 0x" + Long.toHexString(status));
    return status == 0;
  }

  /** Disconnects it. */
  void disconnect(String name, long controller, List<Long> children) {
    long status = firmware.disconnect(INSTALLED.get(name), controller, children.stream().mapToLong(each -> each).toArray());
    expect(status == 0, name + " doesn't stop: " + EfiStatus.of(status));
  }

  /** Everything is disconnected: nothing may be left. */
  void end() {
    expect(firmware.allocated() == begun, firmware.allocated() - begun + " pages or interfaces are left");
    expect(firmware.reports().size() < 200, firmware.reports().size() + " reports");
  }

  void expect(boolean right, String what) {
    if (!right) {
      wrong.add(what);
    }
  }

  List<String> wrong() {
    return wrong;
  }
}
