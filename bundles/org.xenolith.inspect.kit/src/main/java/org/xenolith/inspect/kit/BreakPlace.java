// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.kit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.InspectedDevice;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.symbols.SymbolKind;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.WatchedAddress;

/**
 * A place at which a machine stops, as people write it: an address on any processor, an exception, a device's register, a way out of guest code, an event; or memory that is accessed.
 *
 * @param place it
 * @param text  the same for people, with addresses and symbols
 */
public record BreakPlace(StopPlace place, String text) {
  /** Words that a place can begin with; it is an address otherwise. */
  public static final List<String> KINDS = List.of("exception", "device", "exit", "event");
  /** Ways out of guest code. */
  public static final List<String> EXITS = Arrays.stream(ExitKind.values()).map(ExitKind::text).toList();
  private static final String READ = "read";
  private static final String WRITE = "write";
  private static final String BOTH = "both";
  /** How memory or a register is accessed. */
  public static final List<String> HOW = List.of(READ, WRITE, BOTH);
  /** Says that an address is everybody's. */
  public static final String PHYSICAL = "physical";
  private static final int MOST = 1 << 20;
  private static final int USUAL = 8;

  /** Whether the machine can be looked into when it is reached, by a condition say. */
  public boolean looks() {
    return place instanceof StopPlace.Instruction || place instanceof StopPlace.Register || place instanceof StopPlace.Access;
  }

  /**
   * Reads {@code ADDRESS}, {@code exception NAME}, {@code device NODE REGISTER [read|write|both]}, {@code exit KIND [PLACE]} or {@code event KIND [TEXT]}.
   *
   * @param near  whose registers and symbols names are
   * @param words one at least
   * @throws BadInput if it is none; the message says what was expected
   */
  public static BreakPlace of(NamedMachine on, InspectedProcessor near, List<String> words) {
    StopPlace place = switch (words.getFirst()) {
      case "exception" -> new StopPlace.ExceptionTaken(part(words, 1));
      case "device" -> device(on, words);
      case "exit" -> new StopPlace.GuestExit(exit(words.size() > 1 ? words.get(1) : ""), part(words, 2));
      case "event" -> {
        if (words.size() < 2) {
          throw new BadInput("event: which kind? events lists those that there were");
        }
        yield new StopPlace.Event(words.get(1), part(words, 2));
      }
      default -> instruction(on, near, words);
    };
    return new BreakPlace(place, place instanceof StopPlace.Instruction at ? "0x%016x%s".formatted(at.address(), on.name(near, at
        .address()))
        : String.join(" ", words));
  }

  private static StopPlace instruction(NamedMachine on, InspectedProcessor near, List<String> words) {
    if (words.size() > 1) {
      throw new BadInput("'" + words.get(1) + "' isn't expected behind an address; before a condition is 'if'");
    }
    NamedAddress at = NamedAddress.of(on, near, words.getFirst());
    at.symbol().filter(each -> each.kind() != SymbolKind.CODE).ifPresent(each -> {
      throw new BadInput(each.name() + " is no code, but data; watch " + each.name() + " halts where it is written");
    });
    return new StopPlace.Instruction(at.address());
  }

  private static Pattern part(List<String> words, int from) {
    String text = String.join(" ", words.subList(Math.min(from, words.size()), words.size()));
    return Pattern.compile(Pattern.quote(text), Pattern.CASE_INSENSITIVE);
  }

  private static ExitKind exit(String word) {
    if (!EXITS.contains(word)) {
      throw new BadInput("exit '" + word + "': there are " + String.join(", ", EXITS));
    }
    return ExitKind.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static StopPlace device(NamedMachine on, List<String> words) {
    if (words.size() < 3 || words.size() > 4) {
      throw new BadInput("device: expected NODE REGISTER [read|write|both]");
    }
    InspectedDevice device = DeviceNames.device(on, words.get(1));
    String how = checked(words.size() > 3 ? words.get(3) : BOTH);
    return DeviceNames.place(on, device, words.get(2), !how.equals(WRITE), !how.equals(READ));
  }

  private static String checked(String how) {
    if (!HOW.contains(how)) {
      throw new BadInput("'" + how + "': expected read, write or both");
    }
    return how;
  }

  /**
   * Reads {@code ADDRESS [LENGTH] [read|write|both] [physical]}: eight bytes and writes, unless said otherwise.
   *
   * @param near  whose registers and symbols names are
   * @throws BadInput if it is none; the message says what was expected
   */
  public static BreakPlace access(NamedMachine on, InspectedProcessor near, List<String> words) {
    List<String> said = new ArrayList<>(words);
    boolean physical = said.remove(PHYSICAL);
    if (said.isEmpty() || said.size() > 3) {
      throw new BadInput("expected ADDRESS [LENGTH] [read|write|both] [physical]");
    }
    String how = checked(said.size() > 1 && Texts.number(said.getLast()).isEmpty() ? said.removeLast() : WRITE);
    NamedAddress at = NamedAddress.of(on, near, said.getFirst());
    long length = said.size() > 1 ? Texts.count(said.get(1), "bytes", MOST) : at.symbol().map(each -> Math.min(each.size(), USUAL)).orElse(
        (long) USUAL);
    WatchedAddress.Space space = physical ? WatchedAddress.Space.PHYSICAL : WatchedAddress.Space.PROCESSOR;
    StopPlace.Access access = new StopPlace.Access(space, at.address(), length, !how.equals(WRITE), !how.equals(READ));
    return new BreakPlace(access, "%s of %d bytes at 0x%016x%s".formatted(how.equals(BOTH) ? "access" : how, length, at.address(), physical
        ? ", physical" : on.name(near, at.address())));
  }
}
