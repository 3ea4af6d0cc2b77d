// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.BootLoader;
import org.xenolith.boot.api.BootModule;
import org.xenolith.boot.api.BootPlan;
import org.xenolith.boot.api.BootRequest;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.fuzz.pc.PcBoard;
import org.xenolith.machine.PlainMachines;
import org.xenolith.machine.WarmState;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/**
 * Kernels for the PVH boot ABI, and what goes with them. The first byte: bits 1:0 which memory, 3:2 which start_info (version 1, 0, the
 * draft, none said), bit 4 an initramfs, 5 a module, 6 reserved memory and an RSDP, 7 an address that the user wants. The second: bits 1:0
 * which kernel is changed, 3 for the rest of the input as it is; 3:2 how it is packed; bit 4: what was packed is changed, once. The third:
 * bits 3:0 the initramfs's size as a power of two, bits 7:4 fours of bytes that are the command line. Then changes ({@link Edits}).
 */
public final class PvhAttack implements Attack {
  private static final List<String> LAYOUTS = List.of("1", "0", "draft");
  private static final int MOST_EDITS = 32;
  private static final int INSTRUCTIONS = 500;
  /** Dictionaries of compressed kernels may have 192 MiB. */
  private static final long MOST_BYTES = 256L << 20;
  private static final byte[] LARGEST = new byte[4 << 20];

  private String fault;
  private BootLoader loader;
  private Machine machine;
  private WarmState off;

  @Override
  public String word() {
    return "pvh";
  }

  @Override
  public String says() {
    return "changes of a kernel for the PVH boot ABI (ELF, or in a bzImage), or a small file itself, behind three bytes that say what goes with it:"
        + " memory, start_info, command line, initramfs, module; what is placed is executed";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.boot.pvh.**", "org.xenolith.pvh.codec.**", "org.xenolith.boot.kit.**");
  }

  @Override
  public int world(byte[] input) {
    return input.length == 0 ? 0 : input[0] & 3;
  }

  @Override
  public void fresh() {
    if (machine != null) {
      machine.close();
    }
    machine = null;
  }

  private void begin(List<MemoryRange> memory) {
    loader = PcBoard.components().stream().filter(c -> c.implementation().startsWith("org.xenolith.boot.pvh.") && c.provides(
        BootLoader.class)).findFirst().orElseThrow().make(BootLoader.class);
    machine = PcBoard.plain(1, memory);
    machine.eventListener((kind, place, text) -> {
      if (PlainMachines.fault(kind) || kind.equals("model-failed")) {
        fault = kind + " " + place + ": " + text;
      }
    });
    // RAM is there from its first use on: not for the account of the first kernel.
    memory.forEach(range -> machine.load(range.base(), new byte[1], 0, 1));
    off = new WarmState(machine);
  }

  @Override
  public List<String> execute(byte[] bytes) {
    PvhRequest placed = new PvhRequest(PvhRequest.MEMORY.get(world(bytes)), null, null);
    if (machine == null) {
      begin(placed.memory());
    }
    InputBytes input = new InputBytes(bytes);
    int with = input.next();
    int which = input.next();
    int sizes = input.next();
    String line = new String(input.take(4 * (sizes >> 4)), StandardCharsets.ISO_8859_1);
    Kernel kernel = kernel(input, which, bytes.length);
    BootRequest request = request(kernel.file, line, placed.memory(), with, sizes & 15);
    Reading reading = new Reading(bytes, MOST_BYTES);
    boolean[] takes = new boolean[1];
    if (reading.done("the look at it", "", List.of(), () -> takes[0] = loader.recognises(kernel.file)) && takes[0]) {
      place(reading, new PvhRequest(placed.memory(), request, kernel.elf));
    }
    return reading.wrong();
  }

  /** A kernel's file. @param elf what it has as an ELF file; null if that isn't known */
  private record Kernel(byte[] file, byte[] elf) {}

  private static Kernel kernel(InputBytes input, int which, int most) {
    if ((which & 3) == 3) {
      return new Kernel(input.take(most), null);
    }
    byte[] elf = PvhFile.kernel(which & 3);
    for (int left = MOST_EDITS; left > 0 && !input.end() && (which & 16) == 0; left--) {
      elf = Edits.bytes(input, elf);
    }
    byte[] packed = PvhFile.packed(elf, which >> 2 & PvhFile.PACKINGS - 1);
    return input.end() ? new Kernel(packed, elf) : new Kernel(Edits.bytes(input, packed), null);
  }

  private static BootRequest request(byte[] kernel, String line, List<MemoryRange> memory, int with, int size) {
    Optional<byte[]> initrd = (with & 16) != 0 ? Optional.of(Arrays.copyOf(LARGEST, 1 << size + (size > 7 ? 7 : 0))) : Optional.empty();
    initrd.ifPresent(data -> data[data.length - 1] = 0x5A);
    List<BootModule> modules = (with & 32) != 0 ? List.of(new BootModule("module", Arrays.copyOf(kernel, Math.max(1, kernel.length)), line),
        new BootModule("module", new byte[] {1, 2, 3}, "")) : List.of();
    BootRequest request = new BootRequest(kernel, initrd, line, memory, (with & 64) != 0 ? PvhRequest.RESERVED : List.of(), modules, 0,
        (with & 128) != 0 ? OptionalLong.of(0x20_0000) : OptionalLong.empty(), OptionalLong.empty(), List.of());
    if ((with & 64) != 0) {
      request = request.withRootPointer(OptionalLong.of(PvhRequest.RESERVED.getFirst().base()));
    }
    int layout = with >> 2 & 3;
    return layout < LAYOUTS.size() ? request.withOptions(Map.of("start-info", List.of(LAYOUTS.get(layout)))) : request;
  }

  private void place(Reading reading, PvhRequest request) {
    BootPlan[] plan = new BootPlan[1];
    // Two sentences: what is wrong, and what helps.
    if (!reading.done(loader.format(), "[.:;] .*\\.$", List.of(BootException.class), () -> plan[0] = loader.plan(request.request()))) {
      return;
    }
    request.checkPlaces(reading, plan[0]);
    if (!reading.wrong().isEmpty()) {
      return;
    }
    fault = null;
    off.restore();
    reading.done("the kernel", "", List.of(), () -> plan[0].load(machine::load, new byte[0]));
    reading.done("its start_info", "", List.of(), () -> request.checkStartInfo(reading, plan[0], machine::peek));
    reading.done("the machine", "", List.of(), () -> {
      machine.start(plan[0].entry());
      StopReason reason = machine.run(new RunLimit(machine.now() + 1_000_000, machine.instructions() + INSTRUCTIONS));
      reading.expect(reason != StopReason.FAULT && reason != StopReason.STOPPED, "the machine ended: " + reason);
    });
    reading.expect(fault == null, fault);
  }
}
