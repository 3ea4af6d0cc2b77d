// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.XenErrno;

/** The commands, with the names and the output of {@code xl(1)}. */
final class Commands {
  /** Usage of each command, by name. */
  static final Map<String, String> USAGE = new TreeMap<>(Map.ofEntries(
      Map.entry("create", "create [-p] [-q] [-n] CONFIG-FILE [KEY=VALUE]..."), Map.entry("list", "list [-v] [DOMAIN]..."), Map.entry("info",
          "info"),
      Map.entry("console", "console DOMAIN"), Map.entry("pause", "pause DOMAIN"), Map.entry("unpause", "unpause DOMAIN"),
      Map.entry("shutdown", "shutdown -a|DOMAIN"), Map.entry("reboot", "reboot -a|DOMAIN"), Map.entry("destroy", "destroy DOMAIN"),
      Map.entry("block-attach", "block-attach DOMAIN IMAGE,raw,DEVICE,ACCESS"), Map.entry("block-detach", "block-detach DOMAIN DEVICE"),
      Map.entry("block-list", "block-list DOMAIN"), Map.entry("network-attach", "network-attach DOMAIN [mac=MAC,bridge=BRIDGE]"),
      Map.entry("network-detach", "network-detach DOMAIN NUMBER"), Map.entry("network-list", "network-list DOMAIN"),
      Map.entry("sched-credit2", "sched-credit2 [-d DOMAIN [-w WEIGHT] [-c CAP]]"), Map.entry("vcpu-set", "vcpu-set DOMAIN COUNT"),
      Map.entry("vcpu-list", "vcpu-list [DOMAIN]"), Map.entry("mem-set", "mem-set DOMAIN MIB"), Map.entry("dmesg", "dmesg [-c]"),
      Map.entry("pci-assignable-list", "pci-assignable-list"), Map.entry("pci-assignable-add", "pci-assignable-add BDF"),
      Map.entry("pci-assignable-remove", "pci-assignable-remove BDF"), Map.entry("pci-attach", "pci-attach DOMAIN BDF [VSLOT]"),
      Map.entry("pci-detach", "pci-detach DOMAIN BDF"), Map.entry("pci-list", "pci-list DOMAIN"), Map.entry("permissions",
          "permissions [DOMAIN]")));

  /** Those whose words are told apart from options; sched-credit2's options have values. */
  private static final Set<String> OF_OPTIONS = Set.of("create", "list", "info", "console", "pause", "unpause", "shutdown", "reboot",
      "destroy", "block-detach", "vcpu-set", "vcpu-list", "dmesg", "pci-assignable-add", "pci-assignable-remove", "permissions");

  private final Toolstack tools;
  private final PassedFunctions functions;
  private final ConsolesPort consoles;
  private final HypervisorLogPort log;
  private final FrameHeap heap;
  private final P2mPort p2m;
  private final ArchitectureFactsPort facts;

  Commands(Toolstack tools, PassedFunctions functions, DeviceContext context) {
    this.tools = tools;
    this.functions = functions;
    consoles = context.port(ConsolesPort.class);
    log = context.port(HypervisorLogPort.class);
    heap = context.port(FrameHeapPort.class);
    p2m = context.port(P2mPort.class);
    facts = context.port(ArchitectureFactsPort.class);
  }

  String execute(List<String> words) {
    String command = words.getFirst();
    if (!OF_OPTIONS.contains(command)) {
      return execute(command, words.subList(1, words.size()));
    }
    XlOptions options = XlOptions.of(command, words.subList(1, words.size()));
    return options.said() + switch (command) {
      case "create" -> create(options);
      case "list" -> list(options.words(), options.has("v"));
      case "shutdown" -> control(options, "poweroff");
      case "reboot" -> control(options, "reboot");
      case "dmesg" -> messages(options.has("c"));
      default -> execute(command, options.words());
    };
  }

  private String execute(String command, List<String> rest) {
    return switch (command) {
      case "info" -> info();
      case "console" -> new String(consoles.kept(one("console", rest).id()), StandardCharsets.ISO_8859_1);
      case "pause" -> {
        one("pause", rest).pause();
        yield "";
      }
      case "unpause" -> {
        one("unpause", rest).unpause();
        yield "";
      }
      case "destroy" -> {
        tools.destroy(guest("destroy", rest));
        yield "";
      }
      case "block-attach" -> {
        count("block-attach", rest, 2);
        StringBuilder said = new StringBuilder();
        tools.attach(tools.find(rest.get(0)), DiskLine.parse("block-attach", String.join(",", rest.subList(1, rest.size())),
            warning -> said.append("warning: ").append(warning).append('\n')));
        yield said.toString();
      }
      case "block-detach" -> {
        count("block-detach", rest, 2);
        tools.detach(tools.find(rest.get(0)), "vbd", Integer.toString(DiskSpec.number(rest.get(1))));
        yield "";
      }
      case "block-list" -> devices(one("block-list", rest), "vbd");
      case "network-attach" -> {
        count("network-attach", rest, 1);
        StringBuilder said = new StringBuilder();
        tools.attachInterface(tools.find(rest.get(0)), String.join(",", rest.subList(1, rest.size())),
            warning -> said.append("warning: ").append(warning).append('\n'));
        yield said.toString();
      }
      case "network-detach" -> {
        count("network-detach", rest, 2);
        tools.detach(tools.find(rest.get(0)), "vif", rest.get(1));
        yield "";
      }
      case "network-list" -> devices(one("network-list", rest), "vif");
      case "sched-credit2" -> schedule(rest);
      case "vcpu-set" -> {
        count("vcpu-set", rest, 2);
        yield processors(tools.find(rest.get(0)), number("vcpu-set", rest.get(1)));
      }
      case "vcpu-list" -> vcpus(rest);
      case "mem-set" -> {
        count("mem-set", rest, 2);
        yield memory(tools.find(rest.get(0)), number("mem-set", rest.get(1)));
      }
      case "pci-assignable-list" -> functions.assignable();
      case "pci-assignable-add", "pci-assignable-remove" -> {
        count(command, rest, 1);
        functions.assignable(PciSpec.address(command, rest.getFirst()), command.endsWith("add"));
        yield "";
      }
      case "pci-attach" -> {
        count("pci-attach", rest, 2);
        Domain domain = tools.find(rest.getFirst());
        PciSpec spec = PciSpec.parse("pci-attach", rest.get(1));
        functions.attach(domain, rest.size() < 3 ? spec
            : new PciSpec(spec.sbdf(), PciSpec.slot("pci-attach", rest.get(2)), spec.ignored()));
        yield spec.ignored().stream().map(key -> "warning: " + key + " isn't supported and left out\n").collect(Collectors.joining());
      }
      case "pci-detach" -> {
        count("pci-detach", rest, 2);
        functions.detach(tools.find(rest.getFirst()), PciSpec.address("pci-detach", rest.get(1)));
        yield "";
      }
      case "pci-list" -> functions.list(one("pci-list", rest));
      case "permissions" -> permissions(rest);
      default -> throw new HypervisorException(-XenErrno.XEN_ENOSYS, "unknown command '" + command + "'; there are "
          + String.join(", ", USAGE.keySet()));
    };
  }

  private String create(XlOptions options) {
    CreateWords words = CreateWords.of(options.file().toString(), options.words());
    count("create", words.file().isEmpty() ? List.of() : List.of(words.file()), 1);
    String said = tools.create(words, options.has("p"), options.has("n"));
    return options.has("q") ? said.lines().filter(line -> line.startsWith("warning: ")).map(line -> line + "\n").collect(Collectors
        .joining())
        : said;
  }

  private Domain one(String command, List<String> words) {
    count(command, words, 1);
    return tools.find(words.getFirst());
  }

  private Domain guest(String command, List<String> words) {
    Domain domain = one(command, words);
    if (domain.kind() != DomainSpec.Kind.DOMU) {
      throw new HypervisorException(-XenErrno.XEN_EPERM, domain.name() + " can't be destroyed: the machine needs it");
    }
    return domain;
  }

  private static void count(String command, List<String> words, int least) {
    if (words.size() < least) {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, "usage: xl " + USAGE.get(command));
    }
  }

  private static long number(String command, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, "'" + text + "': expected a number; usage: xl " + USAGE.get(command));
    }
  }

  private String list(List<String> names, boolean verbose) {
    List<? extends Domain> domains = names.isEmpty() ? tools.all() : names.stream().map(tools::find).toList();
    StringBuilder text = new StringBuilder("%-40s %5s %5s %5s\t%s\t%s".formatted("Name", "ID", "Mem", "VCPUs", "State", "Time(s)"));
    text.append(verbose ? "   UUID                            Reason-Code\n" : "\n");
    for (Domain domain : domains) {
      text.append("%-40s %5d %5d %5d     %s  %8.1f".formatted(domain.name(), domain.id(), p2m.pages(domain) >> 8,
          domain.vcpus().size(), flags(domain), domain.cpuTime() / 1e9));
      text.append(verbose ? " %s %8s%n".formatted(domain.handle(), domain.shutdownReason() < 0 ? "-" : domain.shutdownReason()) : "\n");
    }
    return text.toString();
  }

  /** As xl shows them: running, blocked, paused, shut down, crashed, dying. */
  static String flags(Domain domain) {
    boolean running = domain.vcpus().stream().anyMatch(v -> v.runstateKind() == 0);
    boolean blocked = !running && domain.vcpus().stream().allMatch(v -> v.blocked() || !v.online());
    int reason = domain.shutdownReason();
    return (running ? "r" : "-") + (blocked ? "b" : "-") + (domain.pauseCount() > 0 ? "p" : "-") + (reason >= 0 ? "s" : "-")
        + (reason == 3 ? "c" : "-") + (domain.state() == org.xenolith.hyp.api.DomainState.DYING ? "d" : "-");
  }

  private String info() {
    String kinds = facts.capabilities().strip();
    String machine = Arrays.stream(kinds.split(" ")).filter(kind -> kind.endsWith("64")).map(kind -> kind.substring(kind.lastIndexOf('-')
        + 1)).findFirst().orElse("unknown");
    return """
        host                   : xenolith
        machine                : %s
        nr_cpus                : %d
        total_memory           : %d
        free_memory            : %d
        xen_major              : 4
        xen_minor              : 17
        xen_caps               : %s
        xen_scheduler          : credit2
        xen_pagesize           : 4096
        virt_caps              : hvm hap
        domains                : %d
        """.formatted(machine, tools.core().processors().size(), heap.total() >> 8, heap.free() >> 8, kinds, tools.all().size());
  }

  private String control(XlOptions options, String what) {
    if (options.has("a")) {
      return tools.all().stream().filter(domain -> domain.kind() == DomainSpec.Kind.DOMU).map(domain -> control(domain, what))
          .collect(Collectors.joining());
    }
    return control(one(what.equals("reboot") ? what : "shutdown", options.words()), what);
  }

  private String control(Domain domain, String what) {
    if (!tools.store().present()) {
      throw new HypervisorException(-XenErrno.XEN_ENOSYS, "no store is installed that would carry the request");
    }
    tools.store().write(StoreLayout.home(domain) + "/control/shutdown", what);
    return "asked " + domain.name() + " to " + what + "\n";
  }

  private String devices(Domain domain, String kind) {
    StringBuilder text = new StringBuilder("%-8s %-6s %-6s %s%n".formatted("Vdev", "front", "back", "backend"));
    for (String id : tools.store().list(StoreLayout.home(domain) + "/device/" + kind)) {
      String front = StoreLayout.home(domain) + "/device/" + kind + "/" + id;
      String back = tools.store().read(front + "/backend");
      text.append("%-8s %-6s %-6s %s%n".formatted(id, tools.store().read(front + "/state"), tools.store().read(back + "/state"), back));
    }
    return text.toString();
  }

  private String schedule(List<String> words) {
    Domain domain = null;
    for (int i = 0; i + 1 < words.size(); i += 2) {
      String value = words.get(i + 1);
      switch (words.get(i)) {
        case "-d" -> domain = tools.find(value);
        case "-w" -> named(domain).schedule((int) number("sched-credit2", value), named(domain).cap());
        case "-c" -> named(domain).schedule(named(domain).weight(), (int) number("sched-credit2", value));
        default -> throw new HypervisorException(-XenErrno.XEN_EINVAL, "usage: xl " + USAGE.get("sched-credit2"));
      }
    }
    StringBuilder text = new StringBuilder("%-33s %4s %6s %4s%n".formatted("Name", "ID", "Weight", "Cap"));
    for (Domain each : tools.all()) {
      if (domain == null || each == domain) {
        text.append("%-33s %4d %6d %4d%n".formatted(each.name(), each.id(), each.weight(), each.cap()));
      }
    }
    return text.toString();
  }

  private static Domain named(Domain domain) {
    if (domain == null) {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, "say which domain first: xl " + USAGE.get("sched-credit2"));
    }
    return domain;
  }

  private String processors(Domain domain, long count) {
    if (count < 1 || count > domain.vcpus().size()) {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, domain.name() + " can have 1 to " + domain.vcpus().size() + " virtual CPUs");
    }
    for (int i = 0; i < domain.vcpus().size(); i++) {
      tools.store().write(StoreLayout.home(domain) + "/cpu/" + i + "/availability", i < count ? "online" : "offline");
    }
    return "";
  }

  /** What of the machine domains may have, in the form of Xen's debug key q. */
  private String permissions(List<String> words) {
    List<? extends Domain> domains = words.isEmpty() ? tools.all() : List.of(one("permissions", words));
    return domains.stream().map(domain -> """
        Rangesets belonging to domain %d:
            Interrupts { %s }
            I/O Memory { %s }
        """.formatted(domain.id(), ranges(domain.permissions().interrupts()), domain.permissions().frames().stream().map(Object::toString)
        .collect(Collectors.joining(", ")))).collect(Collectors.joining());
  }

  private static String ranges(List<Integer> numbers) {
    List<String> ranges = new ArrayList<>();
    for (int i = 0, from = 0; i < numbers.size(); i++) {
      if (i + 1 == numbers.size() || numbers.get(i + 1) != numbers.get(i) + 1) {
        ranges.add(from == i ? numbers.get(i).toString() : numbers.get(from) + "-" + numbers.get(i));
        from = i + 1;
      }
    }
    return String.join(", ", ranges);
  }

  private String vcpus(List<String> words) {
    StringBuilder text = new StringBuilder("%-32s %5s %5s %4s %7s %9s%n".formatted("Name", "ID", "VCPU", "CPU", "State", "Time(s)"));
    for (Domain domain : tools.all()) {
      if (words.isEmpty() || tools.find(words.getFirst()) == domain) {
        for (Vcpu vcpu : domain.vcpus()) {
          int kind = vcpu.runstateKind();
          text.append("%-32s %5d %5d %4d   %s %9.1f%n".formatted(domain.name(), domain.id(), vcpu.id(), vcpu.processor(),
              (kind == 0 ? "r" : "-") + (kind == 2 ? "b" : "-") + (domain.pauseCount() > 0 ? "p" : "-"), vcpu.runstate()[0] / 1e9));
        }
      }
    }
    return text.toString();
  }

  private String memory(Domain domain, long mebibytes) {
    long most = domain.maxPages() >> 8;
    if (mebibytes < 16 || mebibytes > most) {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, domain.name() + " can have 16 to " + most + " MiB");
    }
    tools.store().write(StoreLayout.home(domain) + "/memory/target", Long.toString(mebibytes << 10));
    return "";
  }

  private String messages(boolean clear) {
    StringBuilder text = new StringBuilder();
    for (long at = Math.max(0, log.end() - HypervisorLogPort.SIZE); at < log.end(); at++) {
      text.append((char) log.at(at));
    }
    if (clear) {
      log.clear();
    }
    return text.toString();
  }
}
