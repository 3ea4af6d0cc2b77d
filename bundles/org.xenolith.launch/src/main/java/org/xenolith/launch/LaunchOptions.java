// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.kit.JournalCommand;

/** The options that are installed. */
final class LaunchOptions {
  private final Map<String, LaunchOption> byName = new TreeMap<>();

  /** @param installed highest ranking last: of two of one name that one counts */
  LaunchOptions(List<LaunchOption> installed) {
    for (LaunchOption option : installed) {
      try {
        byName.put(option.description().name(), option);
      } catch (RuntimeException | LinkageError e) {
        // A bundle whose option can't be described has none; the others must not suffer from it.
        continue;
      }
    }
  }

  /** A text of a request, taken apart. @throws BadInput about the option if it isn't what the option takes */
  static <T> T parsed(String option, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (BadInput e) {
      throw e.about(option);
    }
  }

  List<LaunchOption> inOrder() {
    return byName.values().stream().sorted(Comparator.comparingInt((LaunchOption o) -> o.description().place())
        .thenComparing(o -> o.description().name())).toList();
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  /** See {@link LaunchOption#checkServed}; what no option says is a shaper's own. */
  void checkServed(String name, List<String> texts) {
    if (has(name)) {
      byName.get(name).checkServed(texts);
    }
  }

  /** Whether a snapshot holds what an option says; what no option says is a shaper's own, but for who attends to a run and how it is journalled. */
  boolean inSnapshot(String name) {
    LaunchOption option = byName.get(name);
    return option == null ? !name.equals(LaunchRequest.ATTENDED) && !name.equals(JournalCommand.OPTION) : option.description().inSnapshot();
  }

  /** See {@link org.xenolith.launch.api.Launcher#faults}. */
  List<BadInput> faults(Map<String, List<String>> said) {
    List<BadInput> faults = new ArrayList<>();
    LaunchRequest.Builder request = RequestBuilder.of("");
    for (String name : ordered(said.keySet())) {
      try {
        use(name, said.get(name), request);
        byName.get(name).check(said.get(name), Set.copyOf(said.keySet()));
      } catch (BadInput e) {
        faults.add(e.option().isPresent() ? e : e.about(name));
      } catch (RuntimeException | LinkageError e) {
        faults.add(new BadInput(option(name) + ": the bundle that has this option failed: " + e));
      }
    }
    snapshot(request.build(), said.keySet()).ifPresent(faults::add);
    return faults;
  }

  /** See {@link org.xenolith.launch.api.Launcher#request}. */
  LaunchRequest request(Map<String, List<String>> said, String usualBoard) {
    LaunchRequest.Builder builder = RequestBuilder.of(usualBoard);
    ordered(said.keySet()).forEach(name -> use(name, said.get(name), builder));
    LaunchRequest request = builder.build();
    snapshot(request, said.keySet()).ifPresent(e -> {
      throw e;
    });
    return request;
  }

  private List<String> ordered(Set<String> names) {
    return names.stream().sorted(Comparator.comparingInt((String name) -> place(name)).thenComparing(name -> name)).toList();
  }

  private int place(String name) {
    return byName.containsKey(name) ? byName.get(name).description().place() : Integer.MAX_VALUE;
  }

  private void use(String name, List<String> texts, LaunchRequest.Builder request) {
    LaunchOption option = byName.get(name);
    if (option == null) {
      throw new BadInput(option(name) + ": no bundle that is installed has this option; there are " + byName.keySet().stream()
          .collect(Collectors.joining(", ")));
    }
    OptionDescription description = option.description();
    if (texts.isEmpty() || texts.size() > 1 && !description.repeats()) {
      throw new BadInput(option(name) + ": expected one value, got " + texts.size());
    }
    try {
      option.use(texts, request);
    } catch (BadInput e) {
      throw e.option().isPresent() ? e : e.about(name);
    } catch (InvalidPathException e) {
      throw BadInput.at(name, e.getInput(), "this can't be a file's name: " + e.getReason());
    } catch (RuntimeException | LinkageError e) {
      throw new BadInput(option(name) + ": the bundle that has this option failed: " + e);
    }
  }

  /** A snapshot has decided most of what can be said. */
  private Optional<BadInput> snapshot(LaunchRequest request, Set<String> said) {
    if (request.option(GuestOptions.LOAD).isEmpty()) {
      return Optional.empty();
    }
    return ordered(said).stream().filter(name -> byName.containsKey(name) && inSnapshot(name)).findFirst()
        .map(other -> new BadInput(option(GuestOptions.LOAD) + " and " + option(other)
            + " exclude each other: board, guest and disks are the"
            + " snapshot's"));
  }
}
