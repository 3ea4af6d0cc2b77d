// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.WrittenNumber;

/**
 * What the option {@code trace} says: {@link #FORM}.
 *
 * @param file   what is written
 * @param format name of its form; empty if that follows from the file's name
 * @param filter which events are wanted
 * @param limit  bytes from which on events are left out
 */
record TraceSettings(Path file, Optional<String> format, TraceFilter filter, long limit) {
  static final String OPTION = "trace";
  static final String FORM = "[FILE][,KEY=VALUE...]";
  static final String FILE = "trace.json";
  static final String KEYS = "kinds, cpu, domain, device (several with + between them), from, to, format, limit";
  /** Bytes; a viewer in a browser takes about as much. */
  static final long LIMIT = 256L << 20;
  private static final Pattern TIME = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,9})?)(ns|us|ms|s|min)");
  private static final long LEAST = 4096;

  /** @throws BadInput if it can't be meant */
  static TraceSettings of(String text) {
    return new Reading(text).settings();
  }

  /** One text that is read. */
  private static final class Reading {
    private final String text;
    private Path file = Path.of(FILE);
    private Optional<String> format = Optional.empty();
    private Set<String> kinds = Set.of();
    private Set<Integer> cpus = Set.of();
    private Set<Integer> domains = Set.of();
    private Set<String> devices = Set.of();
    private long from;
    private long to = Long.MAX_VALUE;
    private long limit = LIMIT;

    Reading(String text) {
      this.text = text;
    }

    TraceSettings settings() {
      String[] words = text.split(",", -1);
      for (int i = 0; i < words.length; i++) {
        int equals = words[i].indexOf('=');
        if (equals > 0) {
          set(words[i].substring(0, equals), words[i].substring(equals + 1));
        } else if (i == 0) {
          file = words[i].isEmpty() ? file : path(words[i]);
        } else {
          throw refused("expected " + FORM);
        }
      }
      if (from >= to) {
        throw refused("the time 'from' isn't before the time 'to'");
      }
      return new TraceSettings(file, format, new TraceFilter(kinds, cpus, domains, devices, from, to), limit);
    }

    private void set(String key, String value) {
      switch (key) {
        case "kinds" -> kinds = words(value);
        case "cpu" -> cpus = numbers(key, value);
        case "domain" -> domains = numbers(key, value);
        case "device" -> devices = words(value);
        case "from" -> from = time(value);
        case "to" -> to = time(value);
        case "format" -> format = Optional.of(value);
        case "limit" -> limit = size(value);
        default -> throw refused("there is no key '" + key + "'; there are " + KEYS);
      }
    }

    private Path path(String word) {
      try {
        return Path.of(word);
      } catch (InvalidPathException e) {
        throw refused("'" + word + "' can't be a file's name");
      }
    }

    private Set<String> words(String value) {
      Set<String> words = new LinkedHashSet<>(Arrays.asList(value.split("\\+", -1)));
      if (words.contains("")) {
        throw refused("'" + value + "' has an empty word");
      }
      return words;
    }

    private Set<Integer> numbers(String key, String value) {
      return words(value).stream().map(word -> {
        if (!word.matches("[0-9]{1,5}")) {
          throw refused(key + "=" + word + " is no number");
        }
        return Integer.valueOf(word);
      }).collect(Collectors.toSet());
    }

    private long time(String value) {
      Matcher matcher = TIME.matcher(value);
      if (!matcher.matches()) {
        throw refused("'" + value + "' is no time since power-on; expected one such as 250us, 100ms or 1.5s");
      }
      double unit = switch (matcher.group(2)) {
        case "ns" -> 1;
        case "us" -> 1e3;
        case "ms" -> 1e6;
        case "s" -> 1e9;
        default -> 60e9;
      };
      return (long) (Double.parseDouble(matcher.group(1)) * unit);
    }

    private long size(String value) {
      try {
        return Math.max(LEAST, WrittenNumber.memory(value));
      } catch (BadInput e) {
        throw refused("'" + value + "' is no size; expected one such as 64K, 16M or 2G");
      }
    }

    private BadInput refused(String why) {
      return BadInput.at(OPTION, text, why);
    }
  }
}
