// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.control;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A fault of a machine's own hardware, between its models: these do nothing wrong, and notice nothing. It is injected by {@code Machine.inputNow(HardwareFault.INJECTED, fault.node(),
 * fault.bytes())}, and lasts until the same is given as {@link #ENDED}; as inputs both are journalled. A snapshot has the faults that last. A machine without any pays nothing for them.
 */
public sealed interface HardwareFault {
  /** Kind of the input that injects one. */
  String INJECTED = "fault";
  /** Kind of the input that ends it. */
  String ENDED = "fault-end";

  /** Path of the node whose hardware it is. */
  String node();

  /** What an input of it has. */
  String text();

  /** The same as bytes. */
  default byte[] bytes() {
    return text().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The fault of an input.
   *
   * @throws IllegalArgumentException if it is none
   */
  static HardwareFault of(String node, String text) {
    String[] words = text.split(" ");
    try {
      switch (words[0]) {
        case "line" -> {
          return new Line(node, Integer.parseInt(words[1]), Integer.parseInt(words[2]), Line.Manner.valueOf(words[3].toUpperCase(
              Locale.ROOT)), Long.parseLong(words[4]));
        }
        case "window" -> {
          return new Window(node, Integer.parseInt(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]), words[4].contains("r"),
              words[4].contains("w"), Window.Manner.valueOf(words[5].toUpperCase(Locale.ROOT)), Long.parseLong(words[6]));
        }
        case "clock" -> {
          return new Clock(node, Clock.Manner.valueOf(words[1].toUpperCase(Locale.ROOT)), Long.parseLong(words[2]));
        }
        case "link" -> {
          return new Link(node, Link.Manner.valueOf(words[1].toUpperCase(Locale.ROOT)), Long.parseLong(words[2]));
        }
        default -> throw new IllegalArgumentException("unknown kind");
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException(node + ": '" + text + "' is no fault of the hardware: " + e.getMessage());
    }
  }

  /**
   * An interrupt line of a device.
   *
   * @param interrupt number in the node's {@code interrupts}
   * @param cpu       index of the CPU at whose private input it ends; -1 if it ends at none's
   * @param manner    what is wrong
   * @param measure   of a storm the nanoseconds from one edge to the next; of a line that loses edges: each how many-th rising one is lost
   */
  record Line(String node, int interrupt, int cpu, Manner manner, long measure) implements HardwareFault {
    /** What is wrong with a line. */
    public enum Manner {
      /** It is high, whatever drives it. */
      HIGH,
      /** It is low. */
      LOW,
      /** It goes up and down again and again. */
      STORM,
      /** Rising edges don't arrive; the line stays low until the next one. */
      LOST
    }

    /** @throws IllegalArgumentException if the measure is none */
    public Line {
      if (measure < (manner == Manner.STORM || manner == Manner.LOST ? 1 : 0)) {
        throw new IllegalArgumentException("a " + manner.name().toLowerCase(Locale.ROOT) + " line's measure is " + measure
            + "; expected 1 or more");
      }
    }

    @Override
    public String text() {
      return "line " + interrupt + ' ' + cpu + ' ' + manner.name().toLowerCase(Locale.ROOT) + ' ' + measure;
    }
  }

  /**
   * The way to a device's registers.
   *
   * @param window  number of the window in the node's {@code reg}
   * @param first   offset of the first byte
   * @param last    of the last
   * @param reads   whether reads are concerned
   * @param writes  whether writes are
   * @param manner  what becomes of them
   * @param measure nanoseconds by which an answer is late; 0 otherwise
   */
  record Window(String node, int window, long first, long last, boolean reads, boolean writes, Manner manner, long measure) implements
      HardwareFault {
    /** What becomes of an access. */
    public enum Manner {
      /** It is aborted, and the device sees nothing. */
      ABORT,
      /** Nothing answers: reads have all ones, writes are lost. */
      ONES,
      /** The answer comes late: the machine's time goes on by so much. */
      LATE
    }

    /** @throws IllegalArgumentException if no access is concerned, or the measure is none */
    public Window {
      if (first < 0 || last < first || !reads && !writes) {
        throw new IllegalArgumentException("bytes 0x%x to 0x%x, reads %s, writes %s: no access is concerned".formatted(first, last, reads,
            writes));
      }
      if (measure < 0 || manner == Manner.LATE && measure == 0) {
        throw new IllegalArgumentException("late by " + measure + " ns; expected 1 or more");
      }
    }

    /** Whether an access is concerned. */
    public boolean concerns(long offset, int size, boolean write) {
      return (write ? writes : reads) && offset <= last && offset + size > first;
    }

    @Override
    public String text() {
      return "window " + window + ' ' + first + ' ' + last + ' ' + (reads ? "r" : "") + (writes ? "w" : "") + ' ' + manner.name()
          .toLowerCase(Locale.ROOT) + ' ' + measure;
    }
  }

  /** Whether it lasts until it is ended; else it has happened once, and there is nothing to end. */
  default boolean lasts() {
    return true;
  }

  /**
   * The clock that the model of a node goes by, or a CPU's own counter. What it has gained or lost stays when the fault ends, as on hardware.
   *
   * @param manner  what is wrong
   * @param measure millionths by which it is fast or slow; nanoseconds by which it jumps; 0 of one that has stopped
   */
  record Clock(String node, Manner manner, long measure) implements HardwareFault {
    private static final long MILLION = 1_000_000;
    private static final long FASTEST = 1000 * MILLION;

    /** What is wrong with a clock. */
    public enum Manner {
      /** It runs faster than time. */
      FAST,
      /** It runs slower. */
      SLOW,
      /** It shows the same for ever. */
      STOPPED,
      /** It jumps ahead, once. */
      AHEAD,
      /** It jumps back, once. */
      BACK
    }

    /** @throws IllegalArgumentException if the measure is none of that manner */
    public Clock {
      long least = manner == Manner.STOPPED ? 0 : 1;
      long most = switch (manner) {
        case STOPPED -> 0;
        case SLOW -> MILLION - 1;
        case FAST -> FASTEST;
        default -> Long.MAX_VALUE / 4;
      };
      if (measure < least || measure > most) {
        throw new IllegalArgumentException("a clock " + manner.name().toLowerCase(Locale.ROOT) + " by " + measure + "; expected " + least
            + " to " + most);
      }
    }

    @Override
    public boolean lasts() {
      return manner != Manner.AHEAD && manner != Manner.BACK;
    }

    @Override
    public String text() {
      return "clock " + manner.name().toLowerCase(Locale.ROOT) + ' ' + measure;
    }
  }

  /**
   * The link of a device: its network, its serial line, or the bus behind it.
   *
   * @param manner  what is wrong
   * @param measure of a link that loses some: each how many-th frame or byte is lost, counted both ways; 0 of one that is down
   */
  record Link(String node, Manner manner, long measure) implements HardwareFault {
    /** What is wrong with a link. */
    public enum Manner {
      /** Nothing passes, and who looks at it sees so. */
      DOWN,
      /** Frames or bytes don't arrive, which nobody is told of. */
      LOST
    }

    /** @throws IllegalArgumentException if the measure is none of that manner */
    public Link {
      if (manner == Manner.LOST ? measure < 1 : measure != 0) {
        throw new IllegalArgumentException("a link " + manner.name().toLowerCase(Locale.ROOT) + " with measure " + measure + "; expected "
            + (manner == Manner.LOST ? "1 or more" : "0"));
      }
    }

    @Override
    public String text() {
      return "link " + manner.name().toLowerCase(Locale.ROOT) + ' ' + measure;
    }
  }
}
