// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xenolith.cpu.api.CpuDescription;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceOptions;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.PlatformNode;

/**
 * The CPUs that are described by somebody.
 *
 * @param descriptions of any architecture
 */
public record InstalledCpus(List<CpuDescription> descriptions) {
  /** The option of a CPU's node that names it; who makes processors has it in its description. */
  public static final Option OPTION = new Option("cpu", Type.STRING, "",
      "which CPU it is, by a name that the command 'models' lists; without it what the node's property xenolith,cpu says, or the usual one",
      false);
  /** The property of a node that does, where nobody says it by the option. */
  private static final String PROPERTY = "xenolith,cpu";

  /** Takes a copy: services come and go. */
  public InstalledCpus {
    descriptions = List.copyOf(descriptions);
  }

  /** Their names, each once, in alphabetical order. */
  public List<String> names() {
    return descriptions.stream().map(CpuDescription::name).distinct().sorted().toList();
  }

  /**
   * The one of that name.
   *
   * @throws ModelException if there is none, or more than one, or it is wrong; the message says what to do
   */
  public CpuFile named(String name) {
    List<CpuDescription> found = descriptions.stream().filter(each -> each.name().equals(name)).toList();
    if (found.isEmpty()) {
      throw new ModelException("no bundle that is installed describes a CPU '" + name + "'; there are " + String.join(", ", names()));
    }
    if (found.size() > 1) {
      throw new ModelException("the CPU '" + name + "' is described by " + found.stream().map(CpuDescription::place).sorted().collect(
          Collectors.joining(" and by ")) + "; give one another name, or remove one");
    }
    return CpuFile.of(found.getFirst());
  }

  /**
   * The one that a CPU's node asks for.
   *
   * @param options      those of who makes processors, with {@link #OPTION}
   * @param instructions what its processors execute
   * @return empty if nobody asks for one
   * @throws ModelException as {@link #named}, and if it executes something else, or the node's property is no text
   */
  public Optional<CpuFile> asked(PlatformNode node, DeviceOptions options, String instructions) {
    return asked(node, options.text(OPTION.name()), instructions);
  }

  /** The same for who makes no processors: by what the node's own options say. */
  public Optional<CpuFile> asked(PlatformNode node, String instructions) {
    return asked(node, node.options().getOrDefault(OPTION.name(), ""), instructions);
  }

  private Optional<CpuFile> asked(PlatformNode node, String option, String instructions) {
    try {
      String name = option.isEmpty() ? node.property(PROPERTY).map(FdtProperty::string).orElse("") : option;
      if (name.isEmpty()) {
        return Optional.empty();
      }
      CpuFile file = named(name);
      if (!file.instructions().equals(instructions)) {
        throw new ModelException("the CPU '" + name + "' executes " + file.instructions() + ", the board's executes " + instructions
            + "; choose one of those, or another board");
      }
      return Optional.of(file);
    } catch (ModelException | FdtException e) {
      ModelException placed = new ModelException(node.path() + ": " + e.getMessage());
      placed.initCause(e);
      throw placed;
    }
  }
}
