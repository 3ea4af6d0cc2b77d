// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import static org.xenolith.command.api.OptionName.option;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.FileOption;
import org.xenolith.command.kit.InputFile;
import org.xenolith.command.kit.WrittenNumber;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** What a launch can be told about the hypervisor and its domains. */
@Component(immediate = true)
public final class HypervisorOptions {
  private static final String HYPERVISOR = "hypervisor";
  private static final String DOM0_MEMORY = "dom0-memory";
  private static final String DOM0_VCPUS = "dom0-vcpus";
  private static final String DOM0_BUILDER = "dom0-builder";
  private static final String DOMU = "domu";
  private static final String NO_DOM0 = "no-dom0";
  /** Xen's own limit for Arm (arch-arm.h, XEN_LEGACY_MAX_VCPUS). */
  private static final int MOST_VCPUS = 128;
  private static final String TOPIC = "Hypervisor";

  /** Offers them until the bundle stops. */
  @Activate
  public HypervisorOptions(BundleContext context) {
    Stream.of(new Hypervisor(), new Dom0Memory(), new Dom0Vcpus(), new Dom0Builder(), new DomU(), new NoDom0())
        .forEach(option -> context.registerService(LaunchOption.class, option, null));
  }

  /** Whether there is to be a hypervisor: domains imply it. */
  static boolean hypervisor(LaunchRequest request) {
    return request.has(HYPERVISOR);
  }

  /** Configuration files of domains to create beside Dom0. */
  static List<Path> domUs(LaunchRequest request) {
    return request.option(DOMU).stream().map(Path::of).toList();
  }

  /** Whether there is to be no Dom0: nothing but {@link #domUs}. */
  static boolean noDom0(LaunchRequest request) {
    return request.has(NO_DOM0);
  }

  /** RAM of Dom0 in bytes, if it was said. */
  static OptionalLong dom0Memory(LaunchRequest request) {
    return request.option(DOM0_MEMORY).stream().mapToLong(WrittenNumber::memory).findFirst();
  }

  /** Virtual CPUs of Dom0, if it was said. */
  static OptionalInt dom0Vcpus(LaunchRequest request) {
    return request.option(DOM0_VCPUS).stream().mapToInt(HypervisorOptions::vcpus).findFirst();
  }

  /** Name of the builder of Dom0; empty for the one that takes it, of several the one with the highest rank. */
  static String dom0Builder(LaunchRequest request) {
    return request.option(DOM0_BUILDER).stream().findFirst().orElse("");
  }

  private static int vcpus(String text) {
    if (!text.matches("[0-9]{1,3}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST_VCPUS) {
      throw BadInput.at(DOM0_VCPUS, text, "expected 1 to " + MOST_VCPUS);
    }
    return Integer.parseInt(text);
  }

  private static void notWithPlaces(Set<String> said) {
    if (said.contains("kernel-address") || said.contains("entry")) {
      throw new BadInput(option(HYPERVISOR) + " excludes " + option("kernel-address") + " and " + option("entry")
          + ": a domain's kernel goes where its builder puts it");
    }
  }

  private record Hypervisor() implements LaunchOption {
    @Override
    public OptionDescription description() {
      return OptionDescription.of(HYPERVISOR, Form.FLAG, TOPIC, 400).words("Under Xenolith's hypervisor, as Dom0",
          "Xenolith's hypervisor under the guest, which becomes its Dom0. With firmware in flash, under what GRUB starts by it from a disk.");
    }

    @Override
    public void use(List<String> texts, LaunchRequest.Builder request) {
      request.option(HYPERVISOR, ON);
    }

    @Override
    public void check(List<String> texts, Set<String> said) {
      notWithPlaces(said);
    }
  }

  private record Dom0Memory() implements LaunchOption {
    @Override
    public OptionDescription description() {
      return OptionDescription.of(DOM0_MEMORY, Form.TEXT, TOPIC, 410).value("SIZE").words("Memory of Dom0",
          "RAM of Dom0 (default: 384M, or half of a machine that has less than 768M).");
    }

    @Override
    public void use(List<String> texts, LaunchRequest.Builder request) {
      WrittenNumber.memory(texts.getFirst());
      request.option(DOM0_MEMORY, texts);
    }
  }

  private record Dom0Vcpus() implements LaunchOption {
    @Override
    public OptionDescription description() {
      return OptionDescription.of(DOM0_VCPUS, Form.TEXT, TOPIC, 420).value("N").words("Virtual CPUs of Dom0",
          "Virtual CPUs of Dom0 (default: as many as the machine has).");
    }

    @Override
    public void use(List<String> texts, LaunchRequest.Builder request) {
      vcpus(texts.getFirst());
      request.option(DOM0_VCPUS, texts);
    }
  }

  private record Dom0Builder() implements LaunchOption {
    @Override
    public OptionDescription description() {
      return OptionDescription.of(DOM0_BUILDER, Form.TEXT, TOPIC, 425).value("NAME").words("Builder of Dom0",
          "The builder of Dom0, as arm.dt.dom0 (default: of those that are installed and take it the one with the highest rank: by ACPI"
              + " where the machine's firmware has it, else by device tree).");
    }

    @Override
    public void check(List<String> texts, Set<String> said) {
      if (!said.contains(HYPERVISOR) && !said.contains(DOMU) || said.contains(NO_DOM0)) {
        throw BadInput.at(DOM0_BUILDER, texts.getFirst(), "there is no Dom0 without " + option(HYPERVISOR));
      }
    }
  }

  private record DomU() implements LaunchOption {
    @Override
    public OptionDescription description() {
      return OptionDescription.of(DOMU, Form.FILE, TOPIC, 430).value("CONFIG").repeated().words("Domains beside it",
          "A domain to create beside Dom0, by a file in the form of xl.cfg; with " + option(HYPERVISOR) + ". May be repeated.");
    }

    @Override
    public void use(List<String> texts, LaunchRequest.Builder request) {
      request.option(DOMU, texts.stream().map(text -> Path.of(text).toString()).toList());
      request.option(HYPERVISOR, ON);
    }

    @Override
    public void check(List<String> texts, Set<String> said) {
      notWithPlaces(said);
      texts.forEach(text -> FileOption.requireFile(DOMU, Path.of(text), InputFile.WRITTEN));
    }
  }

  private record NoDom0() implements LaunchOption {
    @Override
    public OptionDescription description() {
      return OptionDescription.of(NO_DOM0, Form.FLAG, TOPIC, 440).words("No Dom0: nothing but these domains",
          "No Dom0: nothing but the domains of " + option(DOMU) + ".");
    }

    @Override
    public void use(List<String> texts, LaunchRequest.Builder request) {
      request.option(NO_DOM0, ON);
      request.option(HYPERVISOR, ON);
    }

    @Override
    public void check(List<String> texts, Set<String> said) {
      if (!said.contains(DOMU)) {
        throw new BadInput(option(NO_DOM0) + " leaves nothing to run: name domains with " + option(DOMU));
      }
    }
  }
}
