// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.xenolith.boot.api.ProgressListener;

/**
 * Debian's own apt with a private state, so that it reads the indexes of arm64 packages and checks them by their signatures, but
 * neither needs root nor changes anything of the host. On a Debian that is of the lock's release it reads the host's own sources, of
 * whatever form; on any other host, Ubuntu for one, whose sources are another archive, it reads the lock's archives and checks them
 * with Debian's keys.
 */
final class AptClient implements PackageClient {
  private static final String ARCHITECTURE = "arm64";
  /** What some guests are of; the names of such packages have it behind them. */
  private static final String OTHER = "amd64";
  /** What addresses of the indexes of one architecture have. */
  private static final String INDEX = "/binary-";
  private static final Pattern INSTALLATION = Pattern.compile("^Inst (\\S+) \\((\\S+) ");

  /** How the system says that nothing more can be written (strerror(3): ENOSPC, EDQUOT, EFBIG). */
  static final List<String> FULL = List.of("No space left on device", "Disk quota exceeded", "File too large");

  private final Path state;
  private final Path osRelease;
  private final Map<String, String> environment;
  private final Supplier<List<PackageLock.Archive>> archives;
  private final Path keys;
  private String trouble = "";
  private Map<String, List<String>> mirrors;
  /** Whether the state was made by the last update. */
  private boolean fresh;

  /**
   * @param state folder of the private state, made when needed
   * @param osRelease the host's os-release file
   * @param environment the process environment
   * @param archives Debian's archives
   * @param keys Debian's keys, as the package debian-archive-keyring installs them
   */
  AptClient(Path state, Path osRelease, Map<String, String> environment, Supplier<List<PackageLock.Archive>> archives,
      Path keys) {
    this.state = state;
    this.osRelease = osRelease;
    this.environment = environment;
    this.archives = archives;
    this.keys = keys;
  }

  @Override
  public Optional<Unusable> unusable() {
    for (String program : List.of("apt-get", "apt-cache")) {
      if (!Command.exists(program, environment)) {
        return Optional.of(new Unusable("what Debian's archive has now is asked for with '" + program + "', which is not on the PATH",
            "Install the package apt."));
      }
    }
    if (!ofTheRelease() && !Files.isReadable(keys)) {
      return Optional.of(new Unusable("this host is '" + osRelease("ID") + "', and Debian's keys are not in " + keys,
          "Install the package debian-archive-keyring."));
    }
    return Optional.empty();
  }

  /** Whether the host's own sources are those of the lock's archives. */
  private boolean ofTheRelease() {
    String release = osRelease("VERSION_CODENAME");
    return osRelease("ID").equals("debian") && archives.get().stream().anyMatch(archive -> archive.suites().contains(release));
  }

  private String osRelease(String key) {
    try (Stream<String> lines = Files.lines(osRelease)) {
      return lines.filter(line -> line.startsWith(key + "=")).map(line -> line.substring(key.length() + 1).replace("\"", "").strip())
          .findFirst().orElse("unknown");
    } catch (IOException | UncheckedIOException e) {
      return System.getProperty("os.name", "unknown");
    }
  }

  /** Words that make the client read the lock's archives in the place of the host's sources; empty when those are the same. */
  private List<String> sources() throws IOException {
    if (ofTheRelease()) {
      return List.of();
    }
    StringBuilder text = new StringBuilder();
    for (PackageLock.Archive archive : archives.get()) {
      for (String suite : archive.suites()) {
        text.append("deb [arch=" + ARCHITECTURE + "," + OTHER + " signed-by=" + keys + "] " + archive.address() + " " + suite + " main\n");
      }
    }
    return List.of("-oDir::Etc::SourceList=" + Files.writeString(state.resolve("sources.list"), text), "-oDir::Etc::SourceParts=-");
  }

  @Override
  public List<String> mirrors(PackageLock.Archive archive) {
    if (mirrors == null) {
      mirrors = new HashMap<>();
      try {
        if (unusable().isEmpty() && ofTheRelease()) {
          for (String line : run("apt-get", List.of("indextargets", "--format", "$(RELEASE) $(REPO_URI)"), prepared(), text -> {})
              .lines()) {
            String[] word = line.split(" ");
            if (word.length == 2 && word[1].matches("(https?|file):.*")) {
              mirrors.computeIfAbsent(word[0], suite -> new ArrayList<>()).add(word[1].replaceFirst("/+$", ""));
            }
          }
        }
      } catch (IOException e) {
        // The archive's own address is left.
      }
    }
    return archive.suites().stream().flatMap(suite -> mirrors.getOrDefault(suite, List.of()).stream()).distinct().toList();
  }

  /** The private state's folder, made when needed. */
  private Path prepared() throws IOException {
    for (String folder : List.of("lists/partial", "cache/archives/partial")) {
      Files.createDirectories(state.resolve(folder));
    }
    if (!Files.exists(state.resolve("status"))) {
      Files.createFile(state.resolve("status"));
    }
    // Hooks that the host runs after an update concern the host's own state.
    Files.writeString(state.resolve("apt.conf"), "#clear APT::Update;\n#clear APT::Architectures;\n");
    return state;
  }

  @Override
  public void update(ProgressListener progress) throws IOException {
    fresh = !Files.isDirectory(state.resolve("lists"));
    prepared();
    KeptIndex.forget(state);
    progress.progress("apt: reading the indexes of " + ARCHITECTURE + " and " + OTHER + " packages");
    trouble = updated(List.of(ARCHITECTURE, OTHER), progress);
    if (trouble.contains(INDEX)) {
      // A mirror may have one architecture only: apt takes none of its indexes then unless it is asked for that one alone.
      for (String one : List.of(ARCHITECTURE, OTHER)) {
        updated(List.of(one), progress);
      }
    }
    if (!trouble.isEmpty()) {
      progress.progress("apt: not all indexes could be read: " + trouble);
    } else {
      KeptIndex.note(state, Instant.now());
    }
  }

  @Override
  public Optional<KeptIndex> index() {
    return KeptIndex.of(state);
  }

  /** Reads the indexes of these architectures and keeps those of others; what went wrong, empty if nothing did. */
  private String updated(List<String> architectures, ProgressListener progress) throws IOException {
    Command.Result result = run("apt-get", List.of("-oAPT::Get::List-Cleanup=false", "update"), state, line -> relay(line, progress),
        architectures);
    return result.exit() != 0 || result.lines().stream().anyMatch(line -> line.startsWith("W:") || line.startsWith("E:"))
        ? result.complaint() : "";
  }

  @Override
  public String dependency(String metapackage, String prefix) throws IOException {
    Command.Result result = run("apt-cache", List.of("depends", metapackage), state, line -> {});
    for (String line : result.lines()) {
      String text = line.strip().replaceFirst("^\\|", "");
      if (text.startsWith("Depends: " + prefix)) {
        return text.substring("Depends: ".length());
      }
    }
    throw new IOException(missing(metapackage));
  }

  @Override
  public LockedPackage candidate(String name) throws IOException {
    List<LockedPackage> found = show(List.of("--no-all-versions", "show", name), List.of(ARCHITECTURE, OTHER));
    if (found.isEmpty()) {
      throw new IOException(missing(name));
    }
    return found.getFirst();
  }

  @Override
  public boolean forget() throws IOException {
    if (fresh || !trouble.isEmpty()) {
      return false;
    }
    Installation.delete(state);
    return true;
  }

  private String missing(String name) {
    String where = ofTheRelease() ? "the indexes of this machine's mirrors" : "the indexes of Debian's archive";
    return "Debian's " + ARCHITECTURE + " package '" + name + "' is not in " + where + (!trouble.isEmpty()
        ? " (" + trouble + "). Check the network connection."
        : ofTheRelease()
            ? ". Check that /etc/apt/sources.list or sources.list.d has a Debian source with component main that is not limited"
                + " to another architecture." : ".");
  }

  @Override
  public List<LockedPackage> closure(Collection<String> names) throws IOException {
    for (String name : names) {
      // Else apt could take the word for an option, a file or a pattern.
      if (!name.matches("[a-z0-9][a-z0-9+.-]+(:" + OTHER + ")?")) {
        throw new IOException("'" + name + "' is not the name of a Debian package");
      }
    }
    // What packages of the other architecture need is not to be had from those of the usual one.
    boolean other = names.stream().anyMatch(name -> name.endsWith(":" + OTHER));
    List<String> words = new ArrayList<>(List.of("install", "--simulate", "--no-install-recommends", "--yes"));
    words.addAll(names);
    Command.Result plan = run("apt-get", words, state, line -> {}, other ? List.of(OTHER) : List.of(ARCHITECTURE, OTHER));
    List<String> chosen = plan.lines().stream().map(INSTALLATION::matcher).filter(Matcher::find)
        .map(match -> match.group(1) + "=" + match.group(2)).sorted().toList();
    if (plan.exit() != 0 || chosen.isEmpty()) {
      throw new IOException("the packages " + String.join(", ", names) + " can't be had: " + plan.complaint());
    }
    words = new ArrayList<>(List.of("show"));
    words.addAll(chosen);
    List<LockedPackage> packages = show(words, other ? List.of(OTHER) : List.of(ARCHITECTURE, OTHER));
    if (packages.size() != chosen.size()) {
      throw new IOException("the index describes " + packages.size() + " of the " + chosen.size() + " packages that "
          + String.join(", ", names) + " need");
    }
    return packages;
  }

  /** What the index says of packages. */
  private List<LockedPackage> show(List<String> words, List<String> architectures) throws IOException {
    List<LockedPackage> packages = new ArrayList<>();
    Map<String, String> fields = new HashMap<>();
    List<String> lines = new ArrayList<>(run("apt-cache", words, state, line -> {}, architectures).lines());
    lines.add("");
    for (String line : lines) {
      int colon = line.indexOf(": ");
      if (line.isEmpty() && fields.containsKey("SHA256")) {
        try {
          String architecture = OTHER.equals(fields.get("Architecture")) ? ":" + OTHER : "";
          packages.add(new LockedPackage(fields.get("Package") + architecture, fields.get("Version"), Long.parseLong(fields.get("Size")),
              fields.get("SHA256"), fields.get("Filename")));
        } catch (IllegalArgumentException | NullPointerException e) {
          throw new IOException("the index describes " + fields.get("Package") + " in a way that isn't Debian's", e);
        }
        fields.clear();
      } else if (colon > 0 && !line.startsWith(" ")) {
        fields.put(line.substring(0, colon), line.substring(colon + 2).strip());
      }
    }
    return packages;
  }

  @Override
  public Path download(LockedPackage wanted, Path folder, ProgressListener progress) throws IOException {
    Path arrival = Files.createTempDirectory(folder, "download");
    Command.Result result = run("apt-get", List.of("download", wanted.name() + "=" + wanted.version()), arrival,
        line -> relay(line, progress));
    try (Stream<Path> files = Files.list(arrival)) {
      Optional<Path> file = files.filter(one -> one.toString().endsWith(".deb")).findFirst();
      if (result.exit() != 0 || file.isEmpty()) {
        throw new IOException("apt could not download " + wanted + ": " + result.complaint());
      }
      return Files.move(file.get(), folder.resolve(wanted.localFile()), StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Installation.delete(arrival);
    }
  }

  private Command.Result run(String program, List<String> words, Path folder, Consumer<String> listener) throws IOException {
    return run(program, words, folder, listener, List.of(ARCHITECTURE, OTHER));
  }

  /** Runs a program; the first architecture is the one of names that have none. */
  private Command.Result run(String program, List<String> words, Path folder, Consumer<String> listener, List<String> architectures)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(program, "-q", "-c", state.resolve("apt.conf").toString(),
        "-oAPT::Architecture=" + architectures.getFirst()));
    architectures.forEach(each -> command.add("-oAPT::Architectures::=" + each));
    command.addAll(List.of("-oDir::State=" + state, "-oDir::State::Lists=" + state.resolve("lists"), "-oDir::State::status=" + state
        .resolve("status"),
        "-oDir::Cache=" + state.resolve("cache"), "-oAcquire::Languages=none", "-oAcquire::Retries=2", "-oAcquire::http::Timeout=30",
        "-oAcquire::https::Timeout=30",
        // As root, apt would drop to a user who can't read a private folder.
        "-oAPT::Sandbox::User=root"));
    command.addAll(sources());
    command.addAll(words);
    try {
      return Command.run(command, folder, line -> {
        listener.accept(line);
        // It would try everything again, for minutes and in silence.
        if (FULL.stream().anyMatch(line::contains)) {
          trouble = line.strip();
          throw new UncheckedIOException(new IOException(program + ": " + trouble
              + ". Make room, or name a folder with more in XENOLITH_CACHE."));
        }
      });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void relay(String line, ProgressListener progress) {
    if (line.startsWith("Get:") || line.startsWith("Fetched") || line.startsWith("Err:") || line.startsWith("Ign:") || line.startsWith(
        "E:")) {
      progress.progress("apt: " + line);
    }
  }
}
