// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.scenario;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.machine.control.Machine;
import org.xenolith.scenario.api.ScenarioCheck;

/** {@code check: store}: that a node of the store is there or not, its value and its children; or how many nodes a domain owns. */
@Component
public final class StoreCheck implements ScenarioCheck {
  @Override
  public String kind() {
    return "store";
  }

  @Override
  public Set<String> keys() {
    return Set.of("path", "present", "value", "children", "domain", "owned");
  }

  @Override
  public Optional<String> complaint(Machine machine, Map<String, String> arguments) {
    View view = new View(machine);
    StorePort store = view.port(StorePort.class);
    if (arguments.containsKey("owned")) {
      return Range.complaint(arguments.get("owned"), store.owned(view.need(arguments.get("domain"))), "nodes of domain '"
          + arguments.get("domain") + "'");
    }
    String path = arguments.get("path");
    if (path == null || !path.startsWith("/")) {
      throw new IllegalArgumentException("the key 'path' must say a node, from '/' on");
    }
    String value = store.read(path);
    if ("false".equals(arguments.get("present"))) {
      return value == null ? Optional.empty() : Optional.of(path + " is there: '" + value + "'");
    }
    if (value == null) {
      return Optional.of(path + " is not there");
    }
    String pattern = arguments.get("value");
    if (pattern != null && !matches(pattern, value)) {
      return Optional.of(path + " is '" + value + "', expected '" + pattern + "'");
    }
    return Range.complaint(arguments.get("children"), store.list(path).size(), "children of " + path);
  }

  private static boolean matches(String pattern, String value) {
    try {
      return Pattern.compile(pattern, Pattern.DOTALL).matcher(value).matches();
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("value '" + pattern + "': " + e.getDescription() + " at position " + e.getIndex());
    }
  }
}
