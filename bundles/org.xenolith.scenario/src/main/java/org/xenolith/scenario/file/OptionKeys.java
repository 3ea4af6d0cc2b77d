// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.file;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription.Form;

/** Keys of a scenario that are options of a launch, by their names. */
final class OptionKeys {
  private final Map<String, LaunchOption> options = new LinkedHashMap<>();

  OptionKeys(List<LaunchOption> installed) {
    installed.forEach(option -> options.put(option.description().name(), option));
  }

  /**
   * Puts what keys say into a request.
   *
   * @param others keys that are no options
   */
  void use(Keys keys, Set<String> others, LaunchRequest.Builder request) {
    keys.only(Stream.concat(others.stream(), options.keySet().stream()).collect(Collectors.toCollection(LinkedHashSet::new)));
    for (String name : keys.names()) {
      if (!others.contains(name)) {
        use(options.get(name), keys.need(name), request);
      }
    }
  }

  private static void use(LaunchOption option, Value value, LaunchRequest.Builder request) {
    List<String> texts = texts(option, value);
    if (!texts.isEmpty()) {
      complaining(value, () -> option.use(texts, request));
    }
  }

  /**
   * Puts one option into a request that a key of another form says.
   *
   * @param text as the option has it
   * @param now  whether the files that it names must be there already
   */
  void use(String name, Value value, String text, boolean now, LaunchRequest.Builder request) {
    LaunchOption option = options.get(name);
    if (option == null) {
      throw value.bad("no bundle that is installed has the option '" + name + "'");
    }
    complaining(value, () -> {
      if (now) {
        option.check(List.of(text), Set.of(name));
      }
      option.use(List.of(text), request);
    });
  }

  private static void complaining(Value value, Runnable use) {
    try {
      use.run();
    } catch (BadInput e) {
      throw value.bad(OptionName.show(e.getMessage(), name -> name));
    }
  }

  /** A flag is true or false, files are beside the scenario, and what may be repeated is a text or a list of them. */
  private static List<String> texts(LaunchOption option, Value value) {
    if (option.description().form() == Form.FLAG) {
      return value.flag() ? List.of(LaunchOption.ON) : List.of();
    }
    List<Value> values = option.description().repeats() && !value.isText() ? value.list() : List.of(value);
    return values.stream().map(one -> isFile(option, one) ? one.path().toString() : one.text()).toList();
  }

  private static boolean isFile(LaunchOption option, Value value) {
    return switch (option.description().form()) {
      case FILE -> !option.candidates().contains(value.text());
      case FOLDER -> true;
      case FLAG, TEXT, CHOICE -> false;
    };
  }
}
