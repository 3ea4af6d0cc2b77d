// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.ramfb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeRam;

/** A program sees the display by its protocol, and whoever looks at the display sees what the program has drawn. */
class GraphicsOutputLayerTest {
  private static final int QUERY = 0;
  private static final int SET = 8;
  private static final int BLT = 16;
  private static final long BUFFER = FakeRam.BASE + (20L << 20);
  private static final int PAGES = 1280;

  final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of()).withProperty(FdtProperty.ofCells(
      "#address-cells", 2)).withProperty(FdtProperty.ofCells("#size-cells", 2)).withChild(new FdtNode("fw-cfg@9020000", List.of(), List
          .of()).withProperty(FdtProperty.ofStrings("compatible", "qemu,fw-cfg-mmio")).withProperty(FdtProperty.ofU64("reg", FakeFwCfg.BASE,
              0x18)))));
  private final EfiRam memory = firmware.memory();
  final GraphicsOutputLayer layer = new GraphicsOutputLayer();
  final List<long[]> pages = new ArrayList<>();
  private FakeFwCfg device;
  private long handle;
  private boolean isFull;
  /** What is given again and again: RAM isn't given back here. */
  private long frames;

  @BeforeEach
  void begin() {
    plugIn();
    layer.begin(firmware);
    handle = firmware.handles().handles(GraphicsOutputLayer.FW_CFG).getFirst();
  }

  /** The firmware has a display, and boot services that give memory. */
  void plugIn() {
    firmware.service(BootService.ALLOCATE_PAGES, call -> {
      if (isFull) {
        return EfiStep.done(EfiStatus.OUT_OF_RESOURCES);
      }
      frames = frames == 0 ? firmware.room((int) call.argument(2) * 4096) : frames;
      long at = frames;
      pages.add(new long[] {call.argument(0), call.argument(1), call.argument(2), at});
      memory.put64(call.argument(3), at);
      return EfiStep.done();
    });
    firmware.service(BootService.FREE_PAGES, call -> {
      assertTrue(pages.removeIf(each -> each[3] == call.argument(0) && each[2] == call.argument(1)));
      return EfiStep.done();
    });
    firmware.service(BootService.ALLOCATE_POOL, call -> {
      memory.put64(call.argument(2), firmware.room((int) call.argument(1)));
      return EfiStep.done();
    });
    plug(List.of("bootorder", "etc/ramfb", "etc/system-states"));
  }

  /** The display takes nothing more. */
  void breakDown() {
    device.refusesWrites = true;
  }

  private void plug(List<String> files) {
    device = new FakeFwCfg(memory, files);
    firmware.registers(device::access);
  }

  private long display() {
    return firmware.handles().find(handle, Protocol.GRAPHICS_OUTPUT);
  }

  private EfiStatus call(int function, long... arguments) {
    long display = display();
    long[] all = new long[arguments.length + 1];
    all[0] = display;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return EfiStatus.of(firmware.call(memory.get64(display + function), all));
  }

  private long frames() {
    return memory.get64(memory.get64(display() + 24) + 24);
  }

  private static byte[] shown(long frames, int width, int height) {
    return ByteBuffer.allocate(28).putLong(frames).putInt(0x3432_5258).putInt(0).putInt(width).putInt(height).putInt(4 * width).array();
  }

  @Test
  void startShowsAFrameBufferOfReservedMemory() {
    assertEquals(0, firmware.connect(layer, handle));
    assertEquals(1, pages.size());
    assertArrayEquals(new long[] {0, 0, PAGES, frames()}, pages.getFirst(), "anywhere, reserved");
    assertArrayEquals(shown(frames(), 800, 600), device.written.getLast());
    long mode = memory.get64(display() + 24);
    assertEquals(4, memory.get32(mode));
    assertEquals(1, memory.get32(mode + 4));
    assertEquals(36, memory.get64(mode + 16));
    assertEquals(800 * 600 * 4, memory.get64(mode + 32));
    long information = memory.get64(mode + 8);
    assertEquals(List.of(0L, 800L, 600L, 1L, 0L, 0L, 0L, 0L, 800L), IntStream.range(0, 9).mapToObj(i -> memory.get32(information + 4 * i))
        .toList());
    int before = firmware.allocated();
    assertEquals(0, firmware.disconnect(layer, handle));
    assertArrayEquals(new byte[28], device.written.getLast(), "off");
    assertEquals(List.of(), pages);
    assertEquals(before - 1, firmware.allocated());
    assertFalse(firmware.handles().has(handle, Protocol.GRAPHICS_OUTPUT));
    assertEquals(0, firmware.connect(layer, handle));
  }

  @Test
  void theFileIsFoundAmongManyOthers() {
    List<String> names = new ArrayList<>(IntStream.range(0, 300).mapToObj(i -> "opt/file-" + i).toList());
    names.add("etc/ramfb");
    plug(names);
    assertEquals(0, firmware.connect(layer, handle));
    assertEquals(1, device.written.size());
  }

  @Test
  void withoutADisplayNothingIsManaged() {
    plug(List.of("bootorder", "etc/ramfb2"));
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.connect(layer, handle)));
    plug(List.of());
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.connect(layer, handle)));
    assertEquals(List.of(), pages);
  }

  @Test
  void aDeviceThatFailsLeavesNothingBehind() {
    int before = firmware.allocated();
    device.refusesWrites = true;
    assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(firmware.connect(layer, handle)));
    assertEquals(List.of(), pages);
    device.isSilent = true;
    assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(firmware.connect(layer, handle)));
    device.isElse = true;
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.connect(layer, handle)));
    plug(List.of("etc/ramfb"));
    isFull = true;
    assertEquals(EfiStatus.OUT_OF_RESOURCES, EfiStatus.of(firmware.connect(layer, handle)));
    assertEquals(before, firmware.allocated());
    isFull = false;
    assertEquals(0, firmware.connect(layer, handle));
    device.isSilent = true;
    assertEquals(EfiStatus.DEVICE_ERROR, call(SET, 0));
    assertEquals(1, memory.get32(memory.get64(display() + 24) + 4), "the mode that it has");
    assertEquals(0, firmware.disconnect(layer, handle));
    assertEquals(1, firmware.reports().size());
    assertEquals(before, firmware.allocated());
    assertEquals(List.of(), pages);
  }

  @Test
  void modesAreQueriedAndSet() {
    firmware.connect(layer, handle);
    long size = firmware.room(8);
    long pointer = firmware.room(8);
    int[][] modes = {{640, 480}, {800, 600}, {1024, 768}, {1280, 1024}};
    for (int i = 0; i < modes.length; i++) {
      assertEquals(EfiStatus.SUCCESS, call(QUERY, i, size, pointer));
      assertEquals(36, memory.get64(size));
      assertEquals(modes[i][0], memory.get32(memory.get64(pointer) + 4));
      assertEquals(modes[i][1], memory.get32(memory.get64(pointer) + 8));
      memory.put32(frames(), -1);
      assertEquals(EfiStatus.SUCCESS, call(SET, i));
      assertArrayEquals(shown(frames(), modes[i][0], modes[i][1]), device.written.getLast());
      assertEquals(i, memory.get32(memory.get64(display() + 24) + 4));
      assertEquals(modes[i][0] * modes[i][1] * 4, memory.get64(memory.get64(display() + 24) + 32));
      assertEquals(0, memory.get32(frames()), "black");
    }
    int told = device.written.size();
    for (long bad : new long[] {4, 5, 0xFFFF_FFFFL, 0x8000_0000L}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, call(QUERY, bad, size, pointer));
      assertEquals(EfiStatus.UNSUPPORTED, call(SET, bad));
    }
    assertEquals(EfiStatus.INVALID_PARAMETER, call(QUERY, 0, 0, pointer));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(QUERY, 0, size, 0));
    assertEquals(EfiStatus.INVALID_PARAMETER, call(QUERY, 0, size, 1L << 60));
    assertEquals(told, device.written.size());
  }

  @Test
  void onlyThisInterfaceIsOne() {
    firmware.connect(layer, handle);
    for (int function : new int[] {QUERY, SET, BLT}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(firmware.call(memory.get64(display() + function), display() + 16, 0, BUFFER,
          BUFFER)));
    }
  }

  /** What is drawn is compared with a plain array of pixels, over the whole of both. */
  @Test
  void rectanglesAreMovedAsOneAfterTheOtherPixelWouldBe() {
    firmware.connect(layer, handle);
    call(SET, 0);
    int width = 640;
    int height = 480;
    int[] screen = new int[width * height];
    int[] buffer = new int[width * height];
    Random random = new Random(5);
    for (int i = 0; i < buffer.length; i++) {
      buffer[i] = random.nextInt();
    }
    write(BUFFER, buffer);
    for (int round = 0; round < 200; round++) {
      int operation = random.nextInt(4);
      int w = 1 + random.nextInt(random.nextBoolean() ? 20 : width);
      int h = 1 + random.nextInt(random.nextBoolean() ? 20 : height);
      int fromX = random.nextInt(width - w + 1);
      int fromY = random.nextInt(height - h + 1);
      int toX = random.nextInt(width - w + 1);
      int toY = random.nextInt(height - h + 1);
      assertEquals(EfiStatus.SUCCESS, call(BLT, BUFFER, operation, fromX, fromY, toX, toY, w, h, operation == 0 ? 0 : 4 * width));
      int[] source = operation == 2 ? buffer.clone() : screen.clone();
      int[] target = operation == 1 ? buffer : screen;
      for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
          target[(toY + y) * width + toX + x] = operation == 0 ? buffer[0] : source[(fromY + y) * width + fromX + x];
        }
      }
    }
    assertArrayEquals(screen, read(frames(), screen.length));
    assertArrayEquals(buffer, read(BUFFER, buffer.length));
    assertTrue(Arrays.stream(screen).distinct().count() > 1000);
  }

  @Test
  void aBufferWithoutGapsNeedsNoLength() {
    firmware.connect(layer, handle);
    write(BUFFER, new int[] {1, 2, 3, 4, 5, 6});
    assertEquals(EfiStatus.SUCCESS, call(BLT, BUFFER, 2, 0, 0, 798, 598, 2, 2, 0));
    assertArrayEquals(new int[] {1, 2}, read(frames() + 4 * (598 * 800 + 798), 2));
    assertArrayEquals(new int[] {3, 4}, read(frames() + 4 * (599 * 800 + 798), 2));
  }

  private void write(long at, int[] pixels) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * pixels.length).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(pixels);
    memory.write(at, bytes.array());
  }

  private int[] read(long at, int count) {
    int[] pixels = new int[count];
    ByteBuffer.wrap(memory.read(at, 4 * count)).order(java.nio.ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(pixels);
    return pixels;
  }

  @Test
  void whatIsNotOnTheScreenIsRefused() {
    firmware.connect(layer, handle);
    write(BUFFER, new int[] {7});
    long[][] rectangles = {{0, 0, 0, 1}, {0, 0, 1, 0}, {800, 0, 1, 1}, {0, 600, 1, 1}, {1, 0, 800, 1}, {0, 1, 1, 600}, {-1, 0, 1, 1}, {0,
        -1, 1,
        1}, {1, 0, -1, 1}, {0, 0, 1L << 62, 1}, {0, 0, 1, Long.MIN_VALUE}, {Long.MAX_VALUE, 0, 2, 1}};
    for (long[] each : rectangles) {
      for (int operation = 0; operation < 4; operation++) {
        boolean source = operation == 1 || operation == 3;
        assertEquals(EfiStatus.INVALID_PARAMETER, call(BLT, BUFFER, operation, source ? each[0] : 0, source ? each[1] : 0, source ? 0
            : each[0], source ? 0 : each[1], each[2], each[3], 0), () -> Arrays.toString(each));
      }
    }
    assertEquals(EfiStatus.INVALID_PARAMETER, call(BLT, BUFFER, 3, 0, 0, 800, 0, 1, 1, 0));
    for (long operation : new long[] {4, 5, 0xFFFF_FFFFL}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, call(BLT, BUFFER, operation, 0, 0, 0, 0, 1, 1, 0));
    }
    for (long nowhere : new long[] {0, 1, 1L << 60, -4}) {
      for (int operation = 0; operation < 3; operation++) {
        assertEquals(EfiStatus.INVALID_PARAMETER, call(BLT, nowhere, operation, 0, 0, 0, 0, 1, 1, 0));
      }
    }
    assertEquals(EfiStatus.INVALID_PARAMETER, call(BLT, BUFFER, 2, 1L << 40, 0, 0, 0, 1, 1, 0), "far behind the buffer's beginning");
    assertEquals(0, Arrays.stream(read(frames(), 800 * 600)).filter(pixel -> pixel != 0).count());
    assertNotEquals(EfiStatus.SUCCESS, call(BLT, BUFFER, 2, 0, 0, 0, 0, 1, 2, 1L << 60), "the second row lies nowhere");
  }
}
