// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ramfb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.console.api.DisplayPort;
import org.xenolith.console.api.Picture;
import org.xenolith.firmware.api.FwCfgPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** What a guest has in its memory is what is on the display. */
class RamfbTest {
  private static final long BUFFER = 0x4010_0000L;
  private static final int XR24 = 0x3432_5258;

  private FakeContext context;
  private DeviceModel model;

  @BeforeEach
  void create() {
    context = new FakeContext(FakeNode.at("/fw-cfg@9020000").compatible("qemu,fw-cfg-mmio").build());
    model = context.create(new RamfbComponent());
  }

  private static byte[] description(long address, int format, int width, int height, int stride) {
    return ByteBuffer.allocate(FrameBuffer.SIZE).putLong(address).putInt(format).putInt(0).putInt(width).putInt(height).putInt(stride)
        .array();
  }

  private void show(long address, int format, int width, int height, int stride) {
    assertTrue(context.port(FwCfgPort.class).write(FwCfgPort.FIRST_FILE, 0, description(address, format, width, height, stride)));
  }

  private Optional<Picture> picture() {
    return context.port(DisplayPort.class).picture();
  }

  private List<String> events() {
    return context.reportedEvents().stream().map(FakeContext.Event::kind).toList();
  }

  @Test
  void isOffUntilAGuestSaysWhereItsPixelsAre() {
    assertEquals(Optional.empty(), picture());
    assertArrayEquals(new byte[FrameBuffer.SIZE], context.port(FwCfgPort.class).content(FwCfgPort.FIRST_FILE));
    show(BUFFER, XR24, 20, 17, 100);
    context.dma().write(BUFFER, 4, 0xFF12_3456L);
    context.dma().write(BUFFER + 16 * 100 + 19 * 4, 4, 0x00AB_CDEFL);
    Picture picture = picture().orElseThrow();
    assertEquals(20, picture.width());
    assertEquals(17, picture.height());
    assertEquals(0x12_3456, picture.at(0, 0));
    assertEquals(0xAB_CDEF, picture.at(19, 16));
    context.dma().write(BUFFER, 4, 0x77);
    assertEquals(0x77, picture().orElseThrow().at(0, 0), "what is there now");
    assertArrayEquals(description(BUFFER, XR24, 20, 17, 100), context.port(FwCfgPort.class).content(FwCfgPort.FIRST_FILE));
    show(0, 0, 0, 0, 0);
    assertEquals(Optional.empty(), picture());
    assertEquals(List.of(), events());
  }

  @Test
  void aRowThatHasNoLengthIsAsLongAsItsPixels() {
    show(BUFFER, XR24, 16, 16, 0);
    context.dma().write(BUFFER + 64, 4, 5);
    assertEquals(5, picture().orElseThrow().at(0, 1));
  }

  @Test
  void whatMakesNoSenseShowsNothingAndIsTold() {
    show(BUFFER, 0x3631_4752, 20, 20, 0);
    show(BUFFER, XR24, 15, 20, 0);
    show(BUFFER, XR24, 20, 4097, 0);
    show(BUFFER, XR24, -1, -1, 0);
    show(BUFFER, XR24, 20, 20, 79);
    show(0x10_0000_0000L, XR24, 20, 20, 0);
    show(-64, XR24, 20, 20, 0);
    show(BUFFER, XR24, 20, 20, -1);
    assertEquals(8, events().size(), events()::toString);
    assertTrue(events().stream().allMatch("ramfb-bad-frame-buffer"::equals));
    assertEquals(Optional.empty(), picture());
  }

  @Test
  void aDescriptionMayComeInPieces() {
    byte[] all = description(BUFFER, XR24, 16, 16, 0);
    for (int i = 0; i < all.length; i++) {
      assertTrue(context.port(FwCfgPort.class).write(FwCfgPort.FIRST_FILE, i, new byte[] {all[i]}));
    }
    assertTrue(picture().isPresent());
    assertEquals(List.of(), events());
  }

  @Test
  void anotherVersionGoesOnShowing() {
    show(BUFFER, XR24, 16, 16, 0);
    FakeContext next = context.successor();
    DeviceModel heir = next.create(new RamfbComponent());
    heir.state().restore(model.state().save());
    heir.restored();
    assertTrue(picture().isPresent());
    heir.removed();
    assertEquals(Optional.empty(), picture());
    show(BUFFER, XR24, 16, 16, 0);
    assertArrayEquals(new byte[FrameBuffer.SIZE], context.port(FwCfgPort.class).content(FwCfgPort.FIRST_FILE), "it went nowhere");
  }

  @Test
  void aResetSwitchesItOff() {
    show(BUFFER, XR24, 16, 16, 0);
    model.reset();
    assertEquals(Optional.empty(), picture());
  }
}
