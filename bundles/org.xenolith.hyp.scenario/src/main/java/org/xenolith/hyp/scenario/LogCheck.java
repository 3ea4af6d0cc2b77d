// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.scenario;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.machine.control.Machine;
import org.xenolith.scenario.api.ScenarioCheck;

/** {@code check: xen-log}: that the hypervisor's log, as {@code xl dmesg} shows it, has a line or has none. */
@Component
public final class LogCheck implements ScenarioCheck {
  @Override
  public String kind() {
    return "xen-log";
  }

  @Override
  public Set<String> keys() {
    return Set.of("shows", "lacks");
  }

  @Override
  public Optional<String> complaint(Machine machine, Map<String, String> arguments) {
    if (arguments.size() != 1) {
      throw new IllegalArgumentException("a check of the log has 'shows' or 'lacks'");
    }
    Pattern pattern = pattern(arguments.values().iterator().next());
    Optional<String> line = text(new View(machine).port(HypervisorLogPort.class)).lines().filter(l -> pattern.matcher(l).find())
        .findFirst();
    if (arguments.containsKey("shows")) {
      return line.isPresent() ? Optional.empty() : Optional.of("no line of the log matches '" + pattern + "'");
    }
    return line.map(found -> "the log has the line '" + found + "'");
  }

  private static Pattern pattern(String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("'" + text + "': " + e.getDescription() + " at position " + e.getIndex());
    }
  }

  private static String text(HypervisorLogPort log) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (long at = Math.max(0, log.end() - HypervisorLogPort.SIZE); at < log.end(); at++) {
      bytes.write(log.at(at));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
