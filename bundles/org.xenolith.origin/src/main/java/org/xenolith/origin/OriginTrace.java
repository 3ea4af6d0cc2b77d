// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.DataMove;
import org.xenolith.inspect.api.DataMove.InMemory;
import org.xenolith.inspect.api.DataMove.InPort;
import org.xenolith.inspect.api.DataMove.InRegister;
import org.xenolith.inspect.api.DataMove.Place;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.origin.api.OriginStep;
import org.xenolith.origin.api.OriginStep.Kind;
import org.xenolith.origin.api.OwnedCopy;

/** Follows bytes of memory backwards: to who wrote them, to where that had them from, and so on. */
final class OriginTrace {
  /** Steps that are followed at most. */
  private static final int MOST = 64;
  /** Bytes on either side by which those that came in are told from others of their value. */
  private static final int AROUND = 64;

  private final MachineHistory history;
  private final PastMachine past;
  private final WriteSearch search;
  private final SubjectWords subjects;
  private final WordOwners owners;
  private final List<OriginStep> steps = new ArrayList<>();
  /** Physical address of the first of the bytes that are followed, and how many they are. */
  private long first;
  private int length;

  /** @param past stands where they are held, and is moved */
  OriginTrace(MachineHistory history, PastMachine past, WriteSearch search, SubjectWords subjects,
      WordOwners owners) {
    this.history = history;
    this.past = past;
    this.search = search;
    this.subjects = subjects;
    this.owners = owners;
  }

  List<OriginStep> of(long physical, int bytes) {
    first = physical;
    length = bytes;
    boolean more = true;
    while (more && steps.size() < MOST) {
      more = back();
    }
    if (more) {
      end(Kind.UNKNOWN, "they were moved " + MOST + " times: ask from one of these moments on");
    }
    return steps;
  }

  private void add(Kind kind, Moment moment, OptionalInt processor, String code, String text) {
    steps.add(new OriginStep(kind, moment, processor, code, text));
  }

  private boolean end(Kind kind, String text) {
    add(kind, past.moment(), OptionalInt.empty(), "", text);
    return false;
  }

  private String bytes() {
    return length == 1 ? "1 byte" : length + " bytes";
  }

  private byte[] held(long address, int count) {
    return search.named(past).view().physical().read(address, count).orElse(new byte[0]);
  }

  /** To who wrote the bytes, and where that had them from. Returns whether they are in memory there again. */
  private boolean back() {
    SubjectWords.Bytes wanted = new SubjectWords.Bytes(first, first, length, search.named(past).view().physical());
    Optional<WriteSearch.Found> write = search.find(past, subjects.ram(past, wanted));
    if (write.isEmpty()) {
      return end(Kind.FIRST, "%s at 0x%x were there when the past begins: the launch put them there, or nobody ever wrote them".formatted(
          bytes(), first));
    }
    WriteSearch.Found found = write.get();
    Optional<WatchedStep.Transfer> dma = found.step().transfers().stream().filter(each -> each.write() && each.address() < first + length
        && first < each.address() + each.length()).reduce((one, later) -> later);
    if (dma.isPresent()) {
      return transferred(found, dma.get());
    }
    List<OwnedCopy> copies = found.step().copies();
    if (copies.stream().anyMatch(this::writes)) {
      return copied(found, copies);
    }
    Optional<PlacedMove> store = found.moves().flatMap(moves -> moves.stream().filter(this::writes).findFirst());
    if (store.isPresent()) {
      return stored(found, store.get());
    }
    add(Kind.CALL, found.write().moment(), found.write().processor(), found.write().code(), "%s at 0x%x are written %s".formatted(bytes(),
        first, found.write().by().isEmpty() ? "in the place of the instruction" : "by " + String.join(", ", found.write().by())));
    return cameIn(found);
  }

  private boolean writes(OwnedCopy copy) {
    return copy.to() < first + length && first < copy.to() + copy.bytes();
  }

  /** By Java, back through the copies of one instruction: of several, one may have had its bytes from the one before. */
  private boolean copied(WriteSearch.Found found, List<OwnedCopy> copies) {
    for (OwnedCopy copy : copies.reversed()) {
      if (writes(copy)) {
        String which = narrow(copy.to(), copy.to() + copy.bytes());
        long from = copy.from() + first - copy.to();
        add(Kind.COPY, found.write().moment(), found.write().processor(), found.write().code(), "%s at 0x%x are copied from 0x%x by %s"
            .formatted(which, first, from, copy.text()));
        first = from;
      }
    }
    past.go(new Goal.Exactly(found.before()));
    return true;
  }

  private boolean writes(PlacedMove placed) {
    return placed.move().to() instanceof InMemory in && placed.to().isPresent() && placed.to().getAsLong() < first + length && first
        < placed
            .to().getAsLong() + in.bytes();
  }

  /** Only these are followed further. */
  private String narrow(long from, long to) {
    long begin = Math.max(from, first);
    int count = (int) (Math.min(to, first + length) - begin);
    String text = count == length ? bytes() : "bytes %d to %d of %d (the others were written before)".formatted(begin - first, begin - first
        + count - 1, length);
    first = begin;
    length = count;
    return text;
  }

  private boolean transferred(WriteSearch.Found found, WatchedStep.Transfer dma) {
    String which = narrow(dma.address(), dma.address() + dma.length());
    List<WatchedStep.Transfer> read = found.step().before(dma).filter(each -> !each.write() && each.device().equals(dma.device())).toList()
        .reversed();
    String descriptor = read.stream().flatMap(each -> owners.command(past, each).stream()).findFirst().or(() -> read.stream().filter(
        each -> names(each, dma)).findFirst().map(each -> "what it read at 0x%x".formatted(each.address()))).map(text -> ", by " + text)
        .orElse("");
    String bytes = owners.text(past, dma.address(), dma.length());
    add(Kind.DMA, found.write().moment(), found.write().processor(), found.write().code(), "%s at 0x%x by DMA of %s, %d bytes at 0x%x%s"
        .formatted(which, first, dma.device(), dma.length(), dma.address(), bytes + descriptor));
    int before = 0;
    for (Object each : found.step().order.subList(0, found.step().order.indexOf(dma)).reversed()) {
      if (each instanceof CameIn came) {
        if (came.holds(held(dma.address(), dma.length()), before)) {
          return end(came.kind(), came.text(before + (int) (first - dma.address())));
        }
        break;
      } else if (each instanceof WatchedStep.Transfer other && other.write() && other.device().equals(dma.device())) {
        before += other.length();
      }
    }
    return cameIn(found);
  }

  /** Whether what a device read has the address that it then wrote at: a descriptor or a command. */
  private static boolean names(WatchedStep.Transfer read, WatchedStep.Transfer write) {
    for (int at = 0; at + Long.BYTES <= read.read().length; at += Long.BYTES) {
      long value = 0;
      for (int i = Long.BYTES - 1; i >= 0; i--) {
        value = value << 8 | read.read()[at + i] & 0xFF;
      }
      if (value == write.address()) {
        return true;
      }
    }
    return false;
  }

  /** What came in meanwhile and holds these bytes, with those around them. */
  private boolean cameIn(WriteSearch.Found found) {
    long begin = first;
    while (first - begin < AROUND && held(begin - 1, 1).length > 0) {
      begin--;
    }
    int count = length + AROUND;
    while (count > length && held(first, count).length == 0) {
      count--;
    }
    byte[] around = held(begin, (int) (first - begin) + count);
    for (CameIn each : found.step().cameIn().reversed()) {
      OptionalInt at = each.place(around, (int) (first - begin), length);
      if (at.isPresent()) {
        return end(each.kind(), each.text(at.getAsInt()));
      }
    }
    return end(Kind.UNKNOWN, "where that had them from isn't known");
  }

  private boolean stored(WriteSearch.Found found, PlacedMove store) {
    InMemory to = (InMemory) store.move().to();
    long begin = store.to().getAsLong();
    String which = narrow(begin, begin + to.bytes());
    DataMove move = store.move();
    int cpu = found.write().processor().getAsInt();
    String from = move.copied() ? " from " + text(move.from().getFirst()) : "";
    add(Kind.STORE, found.write().moment(), found.write().processor(), found.write().code(), "%s at 0x%x%s are stored%s".formatted(which,
        first, owners.text(past, first, length), from));
    past.go(new Goal.Exactly(found.before()));
    if (!move.copied()) {
      return computed(cpu, move);
    }
    int piece = (int) (first - begin);
    if (move.from().getFirst() instanceof InRegister source) {
      return register(cpu, new InRegister(source.name(), source.first() + piece, length));
    }
    return store.from().isPresent() ? loaded(cpu, store.from().getAsLong() + piece, found.before()) : unmapped(cpu);
  }

  private static String text(Place place) {
    return switch (place) {
      case InRegister in -> in.name();
      case InMemory in -> "0x%x".formatted(in.address());
      case InPort in -> "port 0x%x".formatted(in.number());
    };
  }

  private boolean computed(int cpu, DataMove move) {
    InspectedProcessor processor = search.named(past).view().processor(cpu).orElseThrow();
    String sources = move.from().stream().map(each -> each instanceof InRegister in ? "%s (0x%x)".formatted(in.name(), processor.value(in
        .name())[0]) : text(each)).collect(Collectors.joining(", "));
    add(Kind.COMPUTED, past.moment(), OptionalInt.of(cpu), search.code(past, cpu), sources.isEmpty() ? "computed: a constant"
        : "computed from " + sources);
    return false;
  }

  private boolean register(int cpu, InRegister wanted) {
    Optional<RegisterTrail.End> trail = new RegisterTrail(search.named(past).view()).of(past, cpu, wanted);
    if (trail.isEmpty()) {
      return end(Kind.UNKNOWN, wanted.name() + " had them for longer than is looked back");
    }
    RegisterTrail.End end = trail.get();
    past.go(new Goal.Exactly(end.before()));
    if (end.move() == null) {
      return end(Kind.UNKNOWN, "what this instruction writes can't be said: " + search.code(past, cpu));
    }
    if (!end.move().move().copied()) {
      return computed(cpu, end.move().move());
    }
    length = end.register().bytes();
    if (end.move().from().isEmpty()) {
      return unmapped(cpu);
    }
    return loaded(cpu, end.move().from().getAsLong() + end.piece(), end.before());
  }

  private boolean unmapped(int cpu) {
    return end(Kind.UNKNOWN, "what is loaded isn't mapped: " + search.code(past, cpu));
  }

  /** The bytes are read from a physical address by the instruction at which it stands. */
  private boolean loaded(int cpu, long physical, Moment before) {
    String code = search.code(past, cpu);
    if (held(physical, length).length > 0) {
      first = physical;
      add(Kind.LOAD, before, OptionalInt.of(cpu), code, "%s are loaded from 0x%x%s: %s".formatted(bytes(), physical, owners.text(past,
          physical, length), HexFormat.ofDelimiter(
              " ")
              .formatHex(held(physical, length))));
      return true;
    }
    WatchedStep step = WatchedStep.of(past.machine(), owners, () -> past.step(cpu, 1));
    Optional<WatchedStep.Access> access = step.accesses.stream().filter(each -> !each.write() && each.address() <= physical && physical
        < each
            .address() + each.size()).findFirst();
    String device = access.map(WatchedStep.Access::device).orElse("a device");
    add(Kind.DEVICE, past.moment(), OptionalInt.of(cpu), code, "%s are read from %s, 0x%x: 0x%x".formatted(bytes(), device, physical, access
        .map(WatchedStep.Access::value).orElse(0L)));
    return access.isPresent() && typed(device, (int) access.get().value() & 0xFF);
  }

  private boolean typed(String device, int value) {
    return new TypedBytes(history.machine().inputs(), past).read(device, value).map(each -> {
      steps.add(each);
      return false;
    }).orElse(false);
  }
}
