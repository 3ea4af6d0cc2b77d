// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.LayersPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** The layer's place at the firmware's node. */
class FatComponentTest {
  @Test
  void theLayerIsThereAsLongAsItsModel() {
    FatComponent component = new FatComponent();
    assertEquals("EFI: FAT", component.description().name());
    FakeContext context = new FakeContext(FakeNode.at(BootNode.PATH).build());
    DeviceModel model = component.create(context);
    LayersPort port = context.port(LayersPort.class);
    assertEquals(List.of("efi.fat"), port.layers().stream().map(claim -> claim.layer().name()).toList());
    assertSame(context, port.layer("efi.fat").owner());
    model.removed();
    assertEquals(List.of(), port.layers());
  }
}
