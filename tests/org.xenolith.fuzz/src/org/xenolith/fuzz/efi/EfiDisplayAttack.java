// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.efi;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.testkit.efi.FakeFirmware;

/**
 * The display at fw_cfg as our own firmware has it. An input is what {@link OddFwCfg} takes first, and between its requests calls of the graphics output
 * protocol, a byte each: low 2 bits 0 SetMode, 1 QueryMode, else Blt, with numbers of {@link #number}. None may change a byte beside the frame buffer and
 * the caller's buffer.
 */
final class EfiDisplayAttack implements Attack {
  private static final int QUERY_MODE = 0;
  private static final int SET_MODE = 8;
  private static final int BLT = 16;
  private static final int CURRENT_MODE = 24;
  private static final int FRAMES = 24;
  private static final int FRAMES_SIZE = 32;
  private static final int MOST_CALLS = 32;
  private static final int PIXEL = 4;
  private static final int BUFFER = 1 << 20;
  private static final int PAGE = 4096;
  private static final int MOST_FRAMES = 1280 * 1024 * PIXEL;
  private static final int[] KNOWN = {0, 1, 640, 639, 641, 480, 479, 800, 600, 1024, 768, 1280, 1023, -1, Integer.MAX_VALUE,
      Integer.MIN_VALUE};
  private static final int TO_BUFFER = 1;

  private EfiLayers layers;
  private EfiRam memory;
  private InputBytes input;
  private long frames;
  private long buffer;
  private int taken;
  /** Whether a caller has let bytes of the screen go elsewhere than into its buffer. */
  private boolean beyond;

  @Override
  public String word() {
    return "efidisplay";
  }

  @Override
  public String says() {
    return "a display at fw_cfg that answers our own firmware with anything, and calls of its graphics output protocol with any mode, rectangle"
        + " and row length";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.efi.ramfb.**");
  }

  @Override
  public void fresh() {
    // Firmware is made anew for each input.
  }

  private static Fdt tree() {
    FdtNode node = new FdtNode("fw-cfg@9020000", List.of(), List.of()).withProperty(FdtProperty.ofStrings("compatible", "qemu,fw-cfg-mmio"))
        .withProperty(FdtProperty.ofU64("reg", OddFwCfg.BASE, 24));
    return Fdt.of(new FdtNode("", List.of(), List.of()).withProperty(FdtProperty.ofCells("#address-cells", 2)).withProperty(FdtProperty
        .ofCells("#size-cells", 2)).withChild(node));
  }

  @Override
  public List<String> execute(byte[] bytes) {
    input = new InputBytes(bytes);
    layers = new EfiLayers(tree(), "efi.ramfb");
    FakeFirmware firmware = layers.firmware();
    memory = firmware.memory();
    OddFwCfg device = new OddFwCfg(memory, input);
    firmware.registers(device::access);
    taken = 0;
    beyond = false;
    buffer = firmware.room(BUFFER);
    byte[] guard = new byte[PAGE];
    Arrays.fill(guard, (byte) 0xA5);
    frames = firmware.room(MOST_FRAMES + 2 * PAGE) + PAGE;
    memory.write(frames - PAGE, guard);
    memory.write(frames + MOST_FRAMES, guard);
    services(firmware);
    layers.begin();
    long handle = firmware.handles().handles(Protocol.DEVICE_PATH).getFirst();
    if (layers.connect("efi.ramfb", handle)) {
      long display = firmware.handles().find(handle, Protocol.GRAPHICS_OUTPUT);
      for (int i = 0; i < MOST_CALLS && !input.end(); i++) {
        use(display);
      }
      shown(ByteBuffer.wrap(device.described()), display);
      layers.disconnect("efi.ramfb", handle, List.of());
      layers.expect(!device.honest() || ByteBuffer.wrap(device.described()).getLong() == 0, "the display is on though nobody drives it");
    }
    layers.end();
    layers.expect(taken == 0, taken + " allocations are left");
    layers.expect(beyond || Arrays.equals(guard, memory.read(frames - PAGE, PAGE)) && Arrays.equals(guard, memory.read(
        frames + MOST_FRAMES, PAGE)), "bytes beside the frame buffer have changed");
    return layers.wrong();
  }

  private void services(FakeFirmware firmware) {
    firmware.service(BootService.ALLOCATE_PAGES, call -> {
      taken++;
      memory.put64(call.argument(3), frames);
      return EfiStep.done();
    });
    firmware.service(BootService.FREE_PAGES, call -> {
      taken--;
      return EfiStep.done();
    });
    firmware.service(BootService.ALLOCATE_POOL, call -> {
      memory.put64(call.argument(2), firmware.room(64));
      return EfiStep.done();
    });
  }

  /** A number, most often one that means something. */
  private long number() {
    int which = input.next();
    return which < 0x80 ? which : which < 0x90 ? KNOWN[which & 15] : which == 0x90 ? input.next(8) : input.next(2);
  }

  private void use(long display) {
    FakeFirmware firmware = layers.firmware();
    switch (input.next() & 3) {
      case 0 -> firmware.call(memory.get64(display + SET_MODE), display, number());
      case 1 -> {
        long mode = number();
        layers.guarded(16, place -> firmware.call(memory.get64(display + QUERY_MODE), display, mode, place, place + 8));
      }
      default -> {
        long operation = input.next() % 5;
        long[] numbers = new long[7];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = number();
        }
        beyond |= operation == TO_BUFFER && !fits(numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]);
        firmware.call(memory.get64(display + BLT), display, buffer, operation, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4],
            numbers[5], numbers[6]);
      }
    }
  }

  /** Whether a rectangle lies in the caller's buffer; what else is written then is the caller's affair. */
  private static boolean fits(long x, long y, long width, long height, long delta) {
    for (long each : new long[] {x, y, width, height, delta}) {
      if (each < 0 || each > BUFFER) {
        return false;
      }
    }
    return (y + height) * Math.max(delta, PIXEL * width) + PIXEL * (x + width) <= BUFFER;
  }

  /** What the display and whoever uses it were told lies in the frame buffer. */
  private void shown(ByteBuffer told, long display) {
    if (told.capacity() != 0 && told.getLong(0) != 0) {
      long bytes = (long) told.getInt(20) * told.getInt(24);
      layers.expect(told.getLong(0) == frames && bytes > 0 && bytes <= MOST_FRAMES, "the display shows " + bytes + " bytes from 0x" + Long
          .toHexString(told.getLong(0)));
    }
    long mode = memory.get64(display + CURRENT_MODE);
    layers.expect(beyond || memory.get64(mode + FRAMES) == frames && memory.get64(mode + FRAMES_SIZE) <= MOST_FRAMES,
        "the mode has another frame buffer");
  }
}
