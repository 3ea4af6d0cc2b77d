// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtiorng;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeVirtioDevice;

/** An entropy device that gives little at a time, or lies. */
class EntropyLayerTest {
  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EntropyLayer layer = new EntropyLayer();
  private final FakeVirtioDevice device = new FakeVirtioDevice(firmware, 4, new byte[0]);
  private final Random random = new Random(1);
  private int most = 24;

  @BeforeEach
  void begin() {
    device.serve((queue, buffers) -> {
      byte[] bytes = new byte[Math.min(Math.max(0, most), buffers.getFirst().length())];
      random.nextBytes(bytes);
      firmware.memory().write(buffers.getFirst().address(), bytes);
      return most > 1000 ? most : bytes.length;
    });
    layer.begin(firmware);
  }

  private long connected() {
    assertEquals(0, firmware.connect(layer, device.handle()));
    return firmware.handles().find(device.handle(), Protocol.RNG);
  }

  private EfiStatus ask(long rng, long algorithm, long size, long place) {
    return EfiStatus.of(firmware.call(firmware.memory().get64(rng + 8), rng, algorithm, size, place));
  }

  @Test
  void asManyBytesAsWereAskedForComeByOneAlgorithm() {
    long rng = connected();
    long room = firmware.room(4096);
    firmware.memory().put64(room, 8);
    assertEquals(EfiStatus.BUFFER_TOO_SMALL, EfiStatus.of(firmware.call(firmware.memory().get64(rng), rng, room, room + 16)));
    assertEquals(16, firmware.memory().get64(room));
    assertEquals(0, firmware.call(firmware.memory().get64(rng), rng, room, room + 16));
    assertEquals(EntropyLayer.RAW, firmware.memory().guid(room + 16));
    assertEquals(EfiStatus.SUCCESS, ask(rng, room + 16, 100, room + 64));
    byte[] expected = new byte[100];
    Random same = new Random(1);
    for (int at = 0; at < expected.length; at += 24) {
      byte[] piece = new byte[Math.min(24, expected.length - at)];
      same.nextBytes(piece);
      System.arraycopy(piece, 0, expected, at, piece.length);
    }
    assertArrayEquals(expected, firmware.memory().read(room + 64, 100));
    assertEquals(0, firmware.memory().get8(room + 164), "nothing behind them");
    assertEquals(5, device.served(0));
    assertEquals(EfiStatus.SUCCESS, ask(rng, 0, 1, room), "whatever algorithm");
    assertEquals(0, firmware.disconnect(layer, device.handle()));
    assertEquals(2, firmware.allocated());
  }

  @Test
  void whatCallersGetWrongHasAStatus() {
    long rng = connected();
    long room = firmware.room(64);
    assertEquals(EfiStatus.INVALID_PARAMETER, ask(rng, 0, 0, room));
    assertEquals(EfiStatus.INVALID_PARAMETER, ask(rng, 0, 8, 0));
    assertEquals(EfiStatus.UNSUPPORTED, ask(rng, room, 8, room), "a GUID of zeros");
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(firmware.call(firmware.memory().get64(rng), rng, 0, room)));
    assertEquals(0, device.served(0));
  }

  @Test
  void aDeviceThatLiesOfItsBytesIsUsedNoMore() {
    for (int each : new int[] {0, 5000}) {
      long rng = connected();
      most = each;
      assertEquals(EfiStatus.DEVICE_ERROR, ask(rng, 0, 8, firmware.room(64)));
      assertTrue(firmware.reports().getLast().contains("wrote " + each + " bytes of 8; it is used no more"), firmware.reports()::toString);
      most = 24;
      assertEquals(EfiStatus.DEVICE_ERROR, ask(rng, 0, 8, firmware.room(64)));
      assertEquals(0, firmware.disconnect(layer, device.handle()));
    }
  }
}
