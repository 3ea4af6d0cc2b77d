// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.catalogue;

import static org.xenolith.command.api.OptionName.option;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.command.api.BadInput;
import org.xenolith.cpu.api.CpuDescription;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.kit.CpuFile;
import org.xenolith.machine.kit.InstalledCpus;
import org.xenolith.machine.kit.ProcessorFactory;
import org.xenolith.platform.api.Platform;

/** Which CPU a board has. Who makes processors takes it from the option of the same name of each CPU's node; the tree names it for guests. */
@Component(service = {LaunchOption.class, LaunchShaper.class})
public final class CpuOption implements LaunchOption, LaunchShaper {
  static final String NAME = "cpu";
  private static final String COMPATIBLE = "compatible";

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<CpuDescription> cpus = List.of();

  @Reference(service = ProcessorFactory.class, policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE,
      fieldOption = FieldOption.REPLACE)
  private volatile List<Map<String, Object>> makers = List.of();

  /** For the framework. */
  public CpuOption() {}

  /**
   * With these CPUs.
   *
   * @param makers services' properties of who makes processors
   */
  CpuOption(List<CpuDescription> cpus, List<Map<String, Object>> makers) {
    this.cpus = cpus;
    this.makers = makers;
  }

  private InstalledCpus installed() {
    return new InstalledCpus(cpus);
  }

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.CHOICE, "Machine", 115).value("NAME").words("CPU",
        "Which CPU it is, as 'models' lists them (default: the board's).");
  }

  @Override
  public List<String> candidates() {
    return installed().names();
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    String name = texts.getFirst();
    if (name.matches("[0-9]+")) {
      throw BadInput.at(NAME, name, "expected a CPU's name, such as " + candidates().getFirst() + "; how many CPUs there are says "
          + option("cpus") + " "
          + name);
    }
    file(name);
    request.option(NAME, name);
  }

  private CpuFile file(String name) {
    try {
      return installed().named(name);
    } catch (ModelException e) {
      throw BadInput.at(NAME, name, e.getMessage());
    }
  }

  @Override
  public boolean serves(LaunchRequest request) {
    return !request.option(NAME).isEmpty();
  }

  @Override
  public Map<String, String> cpuOptions(LaunchRequest request) {
    return Map.of(NAME, request.text(NAME).orElseThrow());
  }

  /** Guests are told by the tree what they have, as on hardware. */
  @Override
  public Fdt shape(Fdt tree, LaunchRequest request) {
    CpuFile file = file(request.option(NAME).getFirst());
    if (file.compatible().isEmpty() || tree.node("/cpus").isEmpty()) {
      return tree;
    }
    return tree.edit("/cpus", node -> {
      List<FdtNode> children = new ArrayList<>();
      node.children().forEach(child -> children.add(isCpu(child) ? named(child, file) : child));
      return new FdtNode(node.name(), node.properties(), children);
    });
  }

  /** Its name must not lead to who makes processors of another architecture, for which the rest of the board isn't. */
  private FdtNode named(FdtNode node, CpuFile file) {
    List<String> had = node.property(COMPATIBLE).map(FdtProperty::strings).orElse(List.of());
    Set<Object> makersOfOld = makers(had);
    Set<Object> makersOfNew = makers(file.compatible());
    if (!makersOfOld.isEmpty() && !makersOfNew.isEmpty() && Collections.disjoint(makersOfOld, makersOfNew)) {
      throw BadInput.at(NAME, file.name(), "it executes " + file.instructions() + ", and the board's CPUs are " + String.join(", ", had)
          + "; choose a CPU of that kind, or another board");
    }
    return node.withProperty(FdtProperty.ofStrings(COMPATIBLE, file.compatible().toArray(String[]::new)));
  }

  /** Who makes processors for one of these, by the numbers of their services. */
  private Set<Object> makers(List<String> compatible) {
    Set<Object> found = new HashSet<>();
    for (Map<String, Object> maker : makers) {
      Object served = maker.get("xenolith.compatible");
      List<?> all = served instanceof String[] several ? List.of(several) : List.of(String.valueOf(served));
      if (!Collections.disjoint(all, compatible)) {
        found.add(maker.get("service.id"));
      }
    }
    return found;
  }

  private static boolean isCpu(FdtNode node) {
    try {
      return node.property("device_type").filter(type -> type.string().equals("cpu")).isPresent();
    } catch (FdtException e) {
      return false; // the reader of the tree says what is wrong with it
    }
  }

  @Override
  public boolean start(Machine machine, Platform platform, Optional<GuestImage> image, LaunchRequest request) {
    return false; // a boot loader starts what there is
  }
}
