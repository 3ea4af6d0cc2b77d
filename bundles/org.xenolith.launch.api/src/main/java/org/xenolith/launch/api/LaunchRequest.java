// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.api;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What to launch; immutable, made by a {@link Builder} or, from what a user says, by {@link Launcher#request}. What is a list of texts
 * has the form of the {@link LaunchOption} for it, which messages name.
 */
public final class LaunchRequest {
  private final Builder request;

  private LaunchRequest(Builder request) {
    this.request = new Builder(request);
  }

  /** A request for a board: its name, or a .dtb or .platform file. */
  public static Builder of(String board) {
    return new Builder().board(board);
  }

  /** A request that continues a snapshot, a folder that {@link Launch#save} wrote. Board, guest and disks are the snapshot's. */
  public static Builder ofSnapshot(Path folder) {
    return new Builder().load(folder);
  }

  /** The same requests to begin from. */
  public Builder toBuilder() {
    return new Builder(request);
  }

  /** A board's name, or a .dtb or .platform file. */
  public String board() {
    return request.board;
  }

  /** The snapshot to continue. */
  public Optional<Path> load() {
    return request.load;
  }

  /** CPUs, 1 to 8; else what the board has, 1 for a board that is made to measure. */
  public OptionalInt cpus() {
    return request.cpus;
  }

  /** RAM in bytes; else what the board has, 512 MiB for a board that is made to measure. */
  public OptionalLong memory() {
    return request.memory;
  }

  /** What is asked of a board that is made to measure, by names that it defines: {@code gic} to {@code 3}, say. */
  public Map<String, String> boardOptions() {
    return request.boardOptions;
  }

  /** Options of models that all CPUs are given, by name, unless {@link #settings} say otherwise of one. */
  public Map<String, String> cpuOptions() {
    return request.cpuOptions;
  }

  /** CPUs with EL2 and an interrupt controller with the virtual interface; a hypervisor implies it. */
  public boolean el2() {
    return request.el2 || hypervisor();
  }

  /** Name of the CPU engine; empty for the highest ranking. */
  public String engine() {
    return request.engine;
  }

  /** Options of models, as {@code NODE:OPTION=VALUE}. */
  public List<String> settings() {
    return request.settings;
  }

  /** Name of a guest source; with neither this nor {@link #kernel} the best that there is. */
  public Optional<String> guest() {
    return request.guest;
  }

  /** With neither {@link #guest} nor {@link #kernel}: another guest is as good when the best can't be had. */
  public boolean fallback() {
    return request.fallback;
  }

  /** A kernel file instead of a guest source. */
  public Optional<Path> kernel() {
    return request.kernel;
  }

  /** Where a kernel goes that may lie anywhere and says nothing itself: a physical address; else its loader chooses. */
  public OptionalLong kernelAddress() {
    return request.kernelAddress;
  }

  /** Where the kernel is entered: a physical address; else what its format says. */
  public OptionalLong entry() {
    return request.entry;
  }

  /** The first root file system instead of the guest's. */
  public Optional<Path> initrd() {
    return request.initrd;
  }

  /** Words added to the guest's kernel command line. */
  public String append() {
    return request.append;
  }

  /** A person sits at the console: a guest that can leave them at a shell is told to, unless told something else. */
  public boolean shell() {
    return request.shell;
  }

  /**
   * Whether the machine boots again when the guest resets it, as hardware does; else a reset ends the run. Unless that is said it is so
   * where a person sits at the console ({@link #shell}), and a run that nobody watches ends; who replays a journal, which knows what was
   * done, can {@linkplain Builder#bootsAgainUnlessSaid have it so}.
   */
  public boolean bootsAgain() {
    return request.bootsAgain.orElse(request.shell || request.bootsAgainUnlessSaid);
  }

  /** What was said about {@link #bootsAgain}; empty if nothing was. */
  public Optional<Boolean> bootsAgainSaid() {
    return request.bootsAgain;
  }

  /** Multiboot modules for a hypervisor as the kernel, as {@code KIND=FILE[,WORDS]}. */
  public List<String> modules() {
    return request.modules;
  }

  /** Programs for the guest's first root file system, as {@code GUEST-PATH=FILE}. */
  public List<String> addFiles() {
    return request.addFiles;
  }

  /** Debian packages to be in the guest's first root file system, with what they need. */
  public List<String> packages() {
    return request.packages;
  }

  /** Disk images, as {@code FILE[,write][,readonly]}, each behind a virtio transport that is free. */
  public List<String> disks() {
    return request.disks;
  }

  /** Node path to the id of a function plugged behind that transport, for example {@code virtio:2}. */
  public Map<String, String> functions() {
    return request.functions;
  }

  /** Xenolith's own hypervisor under the guest, which becomes Dom0; implied by the two requests that follow. */
  public boolean hypervisor() {
    return request.hypervisor || !request.domUs.isEmpty() || request.noDom0;
  }

  /** Configuration files (in the form of xl.cfg) of domains to create beside Dom0. */
  public List<Path> domUs() {
    return request.domUs;
  }

  /** No Dom0: nothing but {@link #domUs}. */
  public boolean noDom0() {
    return request.noDom0;
  }

  /** What options say that are not among the above, for the shapers which understand them: texts by the option's name. */
  public Map<String, List<String>> options() {
    return request.options;
  }

  /** What one of {@link #options} says; empty if it isn't given. */
  public List<String> option(String name) {
    return request.options.getOrDefault(name, List.of());
  }

  /** Gathers requests. Each method returns this builder. */
  public static final class Builder {
    private String board = "virt";
    private Optional<Path> load = Optional.empty();
    private OptionalInt cpus = OptionalInt.empty();
    private OptionalLong memory = OptionalLong.empty();
    private Map<String, String> boardOptions = Map.of();
    private Map<String, String> cpuOptions = Map.of();
    private boolean el2;
    private String engine = "";
    private List<String> settings = List.of();
    private Optional<String> guest = Optional.empty();
    private boolean fallback;
    private Optional<Path> kernel = Optional.empty();
    private OptionalLong kernelAddress = OptionalLong.empty();
    private OptionalLong entry = OptionalLong.empty();
    private Optional<Path> initrd = Optional.empty();
    private String append = "";
    private boolean shell;
    private Optional<Boolean> bootsAgain = Optional.empty();
    private boolean bootsAgainUnlessSaid;
    private List<String> modules = List.of();
    private List<String> addFiles = List.of();
    private List<String> packages = List.of();
    private List<String> disks = List.of();
    private Map<String, String> functions = Map.of();
    private boolean hypervisor;
    private List<Path> domUs = List.of();
    private boolean noDom0;
    private Map<String, List<String>> options = Map.of();

    private Builder() {}

    private Builder(Builder from) {
      board = from.board;
      load = from.load;
      cpus = from.cpus;
      memory = from.memory;
      boardOptions = from.boardOptions;
      cpuOptions = from.cpuOptions;
      el2 = from.el2;
      engine = from.engine;
      settings = from.settings;
      guest = from.guest;
      fallback = from.fallback;
      kernel = from.kernel;
      kernelAddress = from.kernelAddress;
      entry = from.entry;
      initrd = from.initrd;
      append = from.append;
      shell = from.shell;
      bootsAgain = from.bootsAgain;
      bootsAgainUnlessSaid = from.bootsAgainUnlessSaid;
      modules = from.modules;
      addFiles = from.addFiles;
      packages = from.packages;
      disks = from.disks;
      functions = from.functions;
      hypervisor = from.hypervisor;
      domUs = from.domUs;
      noDom0 = from.noDom0;
      options = from.options;
    }

    /** See {@link LaunchRequest#board}. */
    public Builder board(String nameOrFile) {
      board = nameOrFile;
      return this;
    }

    /** See {@link LaunchRequest#load}. */
    public Builder load(Path snapshot) {
      load = Optional.of(snapshot);
      return this;
    }

    /** See {@link LaunchRequest#cpus}. */
    public Builder cpus(int count) {
      cpus = OptionalInt.of(count);
      return this;
    }

    /** See {@link LaunchRequest#memory}. */
    public Builder memory(long bytes) {
      memory = OptionalLong.of(bytes);
      return this;
    }

    /** See {@link LaunchRequest#boardOptions}; in the place of all there are. */
    public Builder boardOptions(Map<String, String> byName) {
      boardOptions = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
      return this;
    }

    /** Adds one of {@link LaunchRequest#boardOptions}. */
    public Builder boardOption(String name, String value) {
      boardOptions = with(boardOptions, name, value);
      return this;
    }

    /** Adds one of {@link LaunchRequest#cpuOptions}. */
    public Builder cpuOption(String name, String value) {
      cpuOptions = with(cpuOptions, name, value);
      return this;
    }

    /** See {@link LaunchRequest#el2}. */
    public Builder el2(boolean on) {
      el2 = on;
      return this;
    }

    /** See {@link LaunchRequest#engine}. */
    public Builder engine(String name) {
      engine = name;
      return this;
    }

    /** See {@link LaunchRequest#settings}. */
    public Builder settings(List<String> texts) {
      settings = List.copyOf(texts);
      return this;
    }

    /** See {@link LaunchRequest#guest}. */
    public Builder guest(String name) {
      guest = Optional.of(name);
      return this;
    }

    /** See {@link LaunchRequest#fallback}. */
    public Builder fallback(boolean asGood) {
      fallback = asGood;
      return this;
    }

    /** See {@link LaunchRequest#kernel}. */
    public Builder kernel(Path file) {
      kernel = Optional.of(file);
      return this;
    }

    /** See {@link LaunchRequest#kernelAddress}. */
    public Builder kernelAddress(long address) {
      kernelAddress = OptionalLong.of(address);
      return this;
    }

    /** See {@link LaunchRequest#entry}. */
    public Builder entry(long address) {
      entry = OptionalLong.of(address);
      return this;
    }

    /** See {@link LaunchRequest#initrd}. */
    public Builder initrd(Path file) {
      initrd = Optional.of(file);
      return this;
    }

    /** See {@link LaunchRequest#append}. */
    public Builder append(String words) {
      append = words;
      return this;
    }

    /** See {@link LaunchRequest#shell}. */
    public Builder shell(boolean wanted) {
      shell = wanted;
      return this;
    }

    /** See {@link LaunchRequest#bootsAgain}. */
    public Builder bootsAgain(boolean on) {
      bootsAgain = Optional.of(on);
      return this;
    }

    /** What {@link LaunchRequest#bootsAgain} is if nothing is said of it and nobody sits at the console. */
    public Builder bootsAgainUnlessSaid(boolean on) {
      bootsAgainUnlessSaid = on;
      return this;
    }

    /** See {@link LaunchRequest#modules}. */
    public Builder modules(List<String> texts) {
      modules = List.copyOf(texts);
      return this;
    }

    /** See {@link LaunchRequest#addFiles}. */
    public Builder addFiles(List<String> texts) {
      addFiles = List.copyOf(texts);
      return this;
    }

    /** See {@link LaunchRequest#packages}. */
    public Builder packages(List<String> names) {
      packages = List.copyOf(names);
      return this;
    }

    /** See {@link LaunchRequest#disks}. */
    public Builder disks(List<String> texts) {
      disks = List.copyOf(texts);
      return this;
    }

    /** See {@link LaunchRequest#functions}. */
    public Builder functions(Map<String, String> byNode) {
      functions = Map.copyOf(byNode);
      return this;
    }

    /** See {@link LaunchRequest#hypervisor}. */
    public Builder hypervisor(boolean on) {
      hypervisor = on;
      return this;
    }

    /** See {@link LaunchRequest#domUs}. */
    public Builder domUs(List<Path> files) {
      domUs = List.copyOf(files);
      return this;
    }

    /** See {@link LaunchRequest#noDom0}. */
    public Builder noDom0(boolean without) {
      noDom0 = without;
      return this;
    }

    /** Adds one of {@link LaunchRequest#options}. */
    public Builder option(String name, List<String> texts) {
      options = with(options, name, List.copyOf(texts));
      return this;
    }

    /** Adds one of {@link LaunchRequest#options} with one text. */
    public Builder option(String name, String text) {
      return option(name, List.of(text));
    }

    /** See {@link LaunchRequest#options}; in the place of all there are. */
    public Builder options(Map<String, List<String>> byName) {
      options = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
      return this;
    }

    private static <T> Map<String, T> with(Map<String, T> map, String name, T value) {
      Map<String, T> more = new LinkedHashMap<>(map);
      more.put(name, value);
      return Collections.unmodifiableMap(more);
    }

    /** The request. */
    public LaunchRequest build() {
      return new LaunchRequest(this);
    }
  }
}
