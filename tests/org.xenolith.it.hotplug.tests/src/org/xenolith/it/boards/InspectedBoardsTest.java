// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.inspect.api.DeviceRegister;
import org.xenolith.inspect.api.InspectedDevice;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FullLane;

/** Who looks at everything that the devices of every board have changes nothing, whatever the board's choices. */
class InspectedBoardsTest {
  private static final long BEGIN = 2_000_000;
  private static final long MIDDLE = 40_000_000;
  private static final long END = 45_000_000;
  /** Bytes of a window that are looked at one by one, and others. */
  private static final int FIRST = 512;
  private static final int OTHERS = 64;
  /** Registers of a device whose values are asked for one by one; all of them are shown first. */
  private static final int SOME = 64;
  /** At least, of whatever board; the README of inspect.api has what they are. */
  private static final int PROCESSOR_REGISTERS = 150;
  private static final int DEVICE_REGISTERS = 450;

  /** A board as it is, or with one of its choices. */
  private record Variant(String board, String choice, String value) {
    RequestBuilder request() {
      RequestBuilder request = RequestBuilder.of(board).cpus(1).memory(256L << 20).append("earlycon");
      return choice.isEmpty() ? request : request.boardOption(choice, value);
    }

    @Override
    public String toString() {
      return choice.isEmpty() ? board : board + ", " + choice + "=" + value;
    }
  }

  private static Stream<BoardProvider> boards() {
    return InstalledProduct.get().services(BoardProvider.class).stream();
  }

  /** Of a board's choices those that are words; others are only described, in capitals. */
  private static List<Variant> choices(BoardProvider board) {
    List<Variant> variants = new ArrayList<>();
    new TreeMap<>(board.choices()).forEach((choice, values) -> values.stream().filter(value -> value.equals(value.toLowerCase(Locale.ROOT)))
        .forEach(value -> variants.add(new Variant(board.name(), choice, value))));
    return variants;
  }

  private static InspectedMachine inspected(Machine machine) {
    return InstalledProduct.get().service(MachineInspector.class).of(machine);
  }

  @TestFactory
  Stream<DynamicTest> lookingAtADeviceLeavesNoTraceWhateverTheBoard() {
    return boards().map(board -> new Variant(board.name(), "", "")).map(InspectedBoardsTest::looking);
  }

  @FullLane
  @TestFactory
  Stream<DynamicTest> lookingAtADeviceLeavesNoTraceWhateverTheChoice() {
    return boards().flatMap(board -> choices(board).stream()).map(InspectedBoardsTest::looking);
  }

  private static DynamicTest looking(Variant variant) {
    return DynamicTest.dynamicTest(variant.toString(), () -> {
      try (GuestMachine guest = GuestMachine.launch(variant.request().build())) {
        look(guest.machine(), variant.toString(), variant.choice.isEmpty());
        guest.machine().run(new RunLimit(Long.MAX_VALUE, BEGIN));
        look(guest.machine(), variant + ", running", variant.choice.isEmpty());
      } catch (PlatformException refused) {
        // Some choices need another one, or a board that has what they need.
        assertTrue(!variant.choice.isEmpty() && refused.getMessage().contains(" can't be had; possible: "), refused.getMessage());
        System.out.println(refused.getMessage());
      }
    });
  }

  /** Not even later: what isn't in the digest has no effect either. */
  @TestFactory
  Stream<DynamicTest> aKernelComesToTheSameWhoeverLooks() {
    return boards().map(board -> DynamicTest.dynamicTest(board.name(), () -> {
      String digest = "";
      for (boolean looks : new boolean[] {false, true}) {
        try (GuestMachine guest = GuestMachine.launch(new Variant(board.name(), "", "").request().build())) {
          guest.machine().run(new RunLimit(Long.MAX_VALUE, MIDDLE));
          if (looks) {
            look(guest.machine(), board.name(), true);
          }
          guest.machine().run(new RunLimit(Long.MAX_VALUE, END));
          assertTrue(digest.isEmpty() || digest.equals(guest.machine().digest()), board.name());
          digest = guest.machine().digest();
        }
      }
    }));
  }

  /** @param floor whether it has at least the registers that are promised of a board as it is */
  private static void look(Machine machine, String what, boolean floor) {
    String before = machine.digest();
    InspectedMachine inspected = inspected(machine);
    assertNotEquals(0, inspected.processors().size());
    Random random = new Random(1);
    int registers = 0;
    int said = 0;
    Set<String> without = new TreeSet<>();
    Set<String> unsaid = new TreeSet<>();
    for (InspectedDevice device : inspected.devices()) {
      List<DeviceRegister> all = device.registers();
      all.stream().limit(SOME).forEach(device::value);
      registers += all.size();
      said += all.stream().filter(each -> !each.title().isEmpty()).count();
      all.stream().filter(each -> each.title().isEmpty()).forEach(each -> unsaid.add(device.model()));
      if (all.isEmpty()) {
        without.add(device.model());
      }
    }
    int windows = 0;
    for (PlatformNode node : machine.platform().nodes()) {
      for (AddressWindow window : node.windows()) {
        windows++;
        addresses(window, random).forEach(address -> look(inspected, address, 1 << random.nextInt(4)));
      }
    }
    assertEquals(before, machine.digest(), what);
    int ofProcessor = inspected.processors().getFirst().registers().size();
    System.out.println(
        ("%s: %d registers of a processor; %d devices, %d registers of these, %d with words, %d windows; without a register: %s; "
            + "without words: %s").formatted(what, ofProcessor, inspected.devices().size(), registers, said, windows, without, unsaid));
    assertTrue(inspected.processors().getFirst().registers().stream().noneMatch(each -> each.title().isEmpty()), what);
    assertEquals(Set.of(), unsaid, () -> what + ": models with registers of which nothing is said");
    assertTrue(!floor || ofProcessor >= PROCESSOR_REGISTERS && registers >= DEVICE_REGISTERS, what
        + ": fewer registers are shown than the README of inspect.api says");
  }

  private static Stream<Long> addresses(AddressWindow window, Random random) {
    Stream<Long> first = Stream.iterate(0L, offset -> offset + 1).limit(Math.min(FIRST, window.size()));
    Stream<Long> others = Stream.generate(() -> Math.floorMod(random.nextLong(), window.size())).limit(OTHERS);
    return Stream.concat(first, others).map(offset -> window.base() + offset);
  }

  private static void look(InspectedMachine inspected, long address, int bytes) {
    inspected.physical().read(address, bytes);
    for (InspectedProcessor processor : inspected.processors()) {
      for (InspectedMemory memory : processor.memories()) {
        memory.read(address, bytes);
        memory.walk(address);
      }
    }
  }
}
