// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.DeviceRegister;
import org.xenolith.inspect.api.InspectedDevice;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.kit.DeviceNames;
import org.xenolith.inspect.kit.MemorySpace;
import org.xenolith.inspect.kit.NamedAddress;
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.inspect.kit.Texts;
import org.xenolith.machine.watch.WatchedAddress.Space;
import org.xenolith.origin.api.OwnedWord;

/** Reads what somebody asks about, as people write it. */
final class SubjectWords {
  private static final int WORD = 8;
  private static final int MOST = 256;
  private final MachineInspector inspector;
  private final WordOwners owners;

  SubjectWords(MachineInspector inspector, WordOwners owners) {
    this.inspector = inspector;
    this.owners = owners;
  }

  /**
   * Some bytes of RAM.
   *
   * @param address as it was asked for, whose address it may be
   * @param first   physical
   * @param length  how many
   * @param memory  in which the address is
   */
  record Bytes(long address, long first, int length, InspectedMemory memory) {}

  /** Reads one. @throws BadInput if it is none */
  Subject subject(PastMachine past, NamedMachine on, List<String> words) {
    return owners.word(past, words).map(each -> new Subject(each.what(), each.written(), at -> each.held().apply(at.machine()))).orElseGet(
        () -> isRegister(on, words) ? register(on, words) : ram(past, bytes(on, words, WORD)));
  }

  /** Reads which bytes of RAM are meant, one as usual. @throws BadInput if what is named isn't in RAM */
  Bytes memory(PastMachine past, NamedMachine on, List<String> words) {
    Optional<OwnedWord> owned = owners.word(past, words);
    if (owned.isEmpty()) {
      return bytes(on, words, 1);
    }
    if (owned.get().written() instanceof StopPlace.Access in && in.space() == Space.PHYSICAL && in.length() <= MOST) {
      return new Bytes(in.first(), in.first(), (int) in.length(), on.view().physical());
    }
    throw new BadInput(owned.get().what() + " isn't in RAM: last-write says who wrote it");
  }

  /** Whether the first word is a device's name; a symbol or address of that name is meant by nobody. */
  private static boolean isRegister(NamedMachine on, List<String> words) {
    return words.size() == 2 && !words.getFirst().startsWith("0x") && !DeviceNames.named(on, words.getFirst()).isEmpty();
  }

  private Subject register(NamedMachine on, List<String> words) {
    InspectedDevice device = DeviceNames.device(on, words.getFirst());
    StopPlace.Register place = DeviceNames.place(on, device, words.get(1), false, true);
    List<DeviceRegister> named = device.registers().stream().filter(each -> each.name().equals(words.get(1))).toList();
    return new Subject(device.name() + " " + words.get(1), place, past -> held(past, device.name(), named));
  }

  private String held(PastMachine past, String device, List<DeviceRegister> register) {
    if (register.isEmpty()) {
      return "";
    }
    OptionalLong value = inspector.of(past.machine()).devices().stream().filter(each -> each.name().equals(device)).findFirst().map(
        each -> each.value(register.getFirst())).orElse(OptionalLong.empty());
    return value.isEmpty() ? "" : Texts.value(new long[] {value.getAsLong()}, 8 * register.getFirst().bytes());
  }

  /** Reads bytes of memory: {@code [SPACE] ADDRESS [BYTES]}. @throws BadInput if that isn't RAM */
  static Bytes bytes(NamedMachine on, List<String> all, int usual) {
    List<String> words = new ArrayList<>(all);
    InspectedProcessor near = on.view().processors().stream().findFirst().orElseThrow(() -> new BadInput(
        "no CPU of it can be looked into"));
    String space = words.size() > 1 && MemorySpace.isNamed(near, words.getFirst()) ? words.removeFirst() : "";
    if (words.isEmpty() || words.size() > 2) {
      throw new BadInput("expected [SPACE] ADDRESS [BYTES]");
    }
    MemorySpace memory = MemorySpace.of(on, near, space);
    long address = NamedAddress.of(on, memory.processor(), words.getFirst()).address();
    int length = words.size() == 1 ? usual : length(words.get(1));
    long first = physical(memory.memory(), address, length);
    if (on.view().physical().read(first, length).isEmpty()) {
      throw new BadInput("0x%x, %d bytes: they aren't all in RAM".formatted(first, length));
    }
    return new Bytes(address, first, length, memory.memory());
  }

  private static int length(String word) {
    long length = Texts.number(word).orElseThrow(() -> new BadInput("'" + word + "' is no number of bytes"));
    if (length < 1 || length > MOST) {
      throw new BadInput(word + " bytes: expected 1 to " + MOST);
    }
    return (int) length;
  }

  private static long physical(InspectedMemory memory, long address, int length) {
    OptionalLong first = memory.physical(address);
    OptionalLong last = memory.physical(address + length - 1);
    if (first.isEmpty() || last.isEmpty()) {
      throw new BadInput("0x%x: nothing is mapped there (%s)".formatted(address, memory.name()));
    }
    if (last.getAsLong() - first.getAsLong() != length - 1) {
      throw new BadInput("0x%x, %d bytes: they aren't side by side in RAM; ask for the one page and the other".formatted(address, length));
    }
    return first.getAsLong();
  }

  Subject ram(PastMachine on, Bytes bytes) {
    return new Subject("0x%x, %d bytes%s".formatted(bytes.address(), bytes.length(), owners.text(on, bytes.first(), bytes.length())),
        Subject.writes(bytes.first(), bytes.length()),
        past -> held(past, bytes.first(), bytes.length()));
  }

  /** Bytes of RAM, in hexadecimal. */
  String held(PastMachine past, long first, int length) {
    return inspector.of(past.machine()).physical().read(first, length).map(HexFormat.ofDelimiter(" ")::formatHex).orElse("");
  }
}
