// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.places;

import java.util.Collection;
import java.util.TreeSet;
import org.xenolith.command.kit.WrittenNumber;
import org.xenolith.machine.api.DeviceOptions;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.PlatformNode;

/**
 * The options of one device or CPU: what its node says, else what its description does.
 *
 * @param instance who it is, in messages
 */
public record NodeOptions(PlatformNode node, String instance, ModelDescription description) implements DeviceOptions {
  /**
   * A mistyped option must not be lost in silence.
   *
   * @param known names of the options of what is at the node
   * @throws ModelException if the node has another
   */
  public static void check(PlatformNode node, Collection<String> known) {
    TreeSet<String> unknown = new TreeSet<>(node.options().keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new ModelException(node.path() + ": no option " + unknown + "; there are " + new TreeSet<>(known));
    }
  }

  @Override
  public boolean flag(String name) {
    String value = text(name);
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new ModelException(instance + ": option " + name + ": expected true or false, got " + value);
    };
  }

  @Override
  public long number(String name) {
    String value = text(name);
    try {
      return WrittenNumber.number(value);
    } catch (NumberFormatException e) {
      throw new ModelException(instance + ": option " + name + ": expected a decimal or 0x number, got " + value);
    }
  }

  @Override
  public String text(String name) {
    ModelDescription.Option option = description.options().stream().filter(o -> o.name().equals(name)).findFirst()
        .orElseThrow(() -> new ModelException(description.name() + ": asks for option " + name
            + ", which is not in its description"));
    return node.options().getOrDefault(name, option.initial());
  }
}
