// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.scenario;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.MachineHistories;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.machine.control.Machine;
import org.xenolith.origin.api.LastWrite;
import org.xenolith.origin.api.ValueOrigins;
import org.xenolith.scenario.api.ScenarioCheck;

/** {@code check: last-write}: who wrote bytes of memory or a device's register last, in a machine whose past is kept. */
@Component(service = ScenarioCheck.class)
public final class LastWriteCheck implements ScenarioCheck {
  private static final String OF = "of";
  private static final String BY = "by";
  private static final String NOBODY = "nobody";

  private final MachineHistories histories;
  private final ValueOrigins origins;

  /** Made by the service component runtime. */
  @Activate
  public LastWriteCheck(@Reference MachineHistories histories, @Reference ValueOrigins origins) {
    this.histories = histories;
    this.origins = origins;
  }

  @Override
  public String kind() {
    return "last-write";
  }

  @Override
  public Set<String> keys() {
    return Set.of(OF, BY);
  }

  @Override
  public Optional<String> complaint(Machine machine, Map<String, String> values) {
    String of = need(values, OF);
    String by = need(values, BY);
    Pattern pattern;
    try {
      pattern = Pattern.compile(by);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(BY + ": '" + by + "' is no regular expression: " + e.getDescription());
    }
    MachineHistory history = histories.of(machine).orElseThrow(() -> new IllegalArgumentException(
        "no past is kept of this machine: say 'history: 512' (MiB) in 'platform'"));
    Optional<LastWrite> found;
    try {
      found = origins.lastWrite(history, List.of(of.trim().split(" +")));
    } catch (BadInput e) {
      throw new IllegalArgumentException(OF + ": " + e.getMessage(), e);
    }
    String who = found.map(LastWriteCheck::text).orElse(NOBODY);
    boolean as = by.equals(NOBODY) == found.isEmpty() && (found.isEmpty() || pattern.matcher(who).find());
    return as ? Optional.empty() : Optional.of(of + " was written last by " + who + ", expected '" + by + "'");
  }

  /** The instruction and who else took part, in a line; the moment is behind it. */
  static String text(LastWrite write) {
    String code = write.code().isEmpty() ? "no CPU" : write.code();
    return code + (write.by().isEmpty() ? "" : "; by " + String.join("; by ", write.by())) + ", at " + write.moment();
  }

  private static String need(Map<String, String> values, String key) {
    return Optional.ofNullable(values.get(key)).orElseThrow(() -> new IllegalArgumentException("the key '" + key + "' is missing"));
  }
}
