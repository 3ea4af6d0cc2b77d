// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.BootLoader;
import org.xenolith.boot.api.BootModule;
import org.xenolith.boot.api.BootPlan;
import org.xenolith.boot.api.BootRequest;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.fuzz.Attack;
import org.xenolith.machine.PlainMachines;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * Kernel files of every format that an installed loader reads: what is placed is executed. The first byte says what goes with it:
 * bit 0 an address, bit 1 a first root file system, bit 2 a module, bit 3 reserved memory, bit 4 CPUs that have 4 KiB pages only.
 */
public final class KernelAttack implements Attack {
  /** One whose pages have 4 KiB only. */
  private static final PlatformNode CPU = new PlatformNode("/cpus/cpu@0", "cpu@0", "/cpus", List.of(), List.of(), true, List.of(), List
      .of(), Map.of());
  private static final int MEMORY = 16 << 20;
  private static final int TREE = 64 << 10;
  private static final MemoryRange RAM = new MemoryRange(FileWorld.RAM, MEMORY);
  private static final MemoryRange RESERVED = new MemoryRange(FileWorld.RAM + (1 << 20), 1 << 16);
  private static final int INSTRUCTIONS = 500;
  private final List<String> faults = new ArrayList<>();
  private List<BootLoader> loaders;
  private Machine machine;
  private byte[] tree;

  @Override
  public String word() {
    return "kernel";
  }

  @Override
  public String says() {
    return "a kernel file (Image, ELF, flat, gzip) behind a byte that says what goes with it; what is placed is executed";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.boot.**");
  }

  @Override
  public void fresh() {
    if (machine != null) {
      machine.close();
    }
    machine = null;
    faults.clear();
  }

  private void begin() {
    loaders = FileWorld.components().stream().filter(c -> c.provides(BootLoader.class)).map(c -> c.make(BootLoader.class)).toList();
    Platform platform = FileWorld.platform(MEMORY);
    tree = FdtWriter.write(platform.source());
    machine = FileWorld.machines().build(platform, (kind, place, text) -> {
      if (PlainMachines.fault(kind) || kind.equals("model-failed")) {
        faults.add(kind + " " + place + ": " + text);
      }
    });
    // RAM is there from its first use on: not for the account of the first kernel.
    machine.load(FileWorld.RAM, new byte[1], 0, 1);
  }

  @Override
  public List<String> execute(byte[] input) {
    if (machine == null) {
      begin();
    }
    int with = input.length == 0 ? 0 : input[0];
    byte[] kernel = input.length == 0 ? input : java.util.Arrays.copyOfRange(input, 1, input.length);
    Reading reading = new Reading(input);
    for (BootLoader loader : loaders) {
      boolean[] takes = new boolean[1];
      if (reading.done(loader.format() + ": the look at it", "", List.of(), () -> takes[0] = loader.recognises(kernel)) && takes[0]) {
        place(reading, loader, request(kernel, with));
      }
    }
    reading.wrong().addAll(faults);
    return reading.wrong();
  }

  private static BootRequest request(byte[] kernel, int with) {
    Optional<byte[]> initrd = (with & 2) != 0 ? Optional.of(new byte[0x2345]) : Optional.empty();
    BootRequest request = new BootRequest(kernel, initrd, "words", List.of(RAM), (with & 8) != 0 ? List.of(RESERVED) : List.of(), TREE);
    if ((with & 1) != 0) {
      request = request.withPlace(OptionalLong.of(FileWorld.RAM + (4 << 20)), OptionalLong.empty());
    }
    if ((with & 4) != 0) {
      request = request.withModules(List.of(new BootModule("kernel", kernel, "")));
    }
    return (with & 16) != 0 ? request.withCpus(List.of(CPU)) : request;
  }

  private void place(Reading reading, BootLoader loader, BootRequest request) {
    BootPlan[] plan = new BootPlan[1];
    // Two sentences: what is wrong, and what helps.
    if (!reading.done(loader.format(), "[.:;] .*\\.$", List.of(BootException.class), () -> plan[0] = loader.plan(request))) {
      return;
    }
    if (!(plan[0].entry() instanceof ArmEntry)) {
      // A PC's, which this machine refuses to start; the entry pvh has those.
      return;
    }
    check(reading, plan[0], request);
    if (!reading.wrong().isEmpty()) {
      return;
    }
    reading.done("the kernel", "", List.of(), () -> {
      plan[0].load(machine::load, tree);
      machine.start(plan[0].entry());
      machine.run(new RunLimit(machine.now() + 1_000_000, machine.instructions() + INSTRUCTIONS));
    });
  }

  private static void check(Reading reading, BootPlan plan, BootRequest request) {
    List<MemoryRange> all = new ArrayList<>(plan.segments().stream().map(BootPlan.Segment::range).toList());
    all.add(plan.tree().orElseThrow().range());
    all.addAll(request.reserved());
    all.sort(Comparator.comparingLong(MemoryRange::base));
    for (int i = 0; i < all.size(); i++) {
      reading.expect(all.get(i).base() >= RAM.base() && all.get(i).end() <= RAM.end(), "placed where there is no RAM: " + all.get(i));
      reading.expect(i == 0 || all.get(i - 1).end() <= all.get(i).base(), "placed over each other: " + all);
    }
    plan.segments().forEach(segment -> reading.expect(segment.data().length <= segment.range().size(),
        segment.name() + " has " + segment.data().length + " bytes for " + segment.range()));
    long pc = ((ArmEntry) plan.entry()).pc();
    reading.expect((pc & 3) == 0 && plan.segments().stream().anyMatch(s -> s.name().equals("kernel") && pc >= s.range().base()
        && pc < s.range().end()), "entered at 0x" + Long.toHexString(pc));
  }
}
