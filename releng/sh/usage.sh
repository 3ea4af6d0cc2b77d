# SPDX-License-Identifier: EPL-2.0
# How the commands of this script are used, those that have no program of their own to say it.

# usage COMMAND: prints how it is used
usage() {
  case $1 in
    test)
      printf '%s\n' 'Usage: xenolith test [--full] [MAVEN-OPTION ...]' 'Builds, runs every test and prints the count.' \
        '  --full         the long lanes too, which take hours; interrupted, it goes on with the classes that have not passed yet,' \
        '                 as long as the sources are the same; logs are in target/full' \
        '  MAVEN-OPTION   for Maven as it is, such as -pl :org.xenolith.fdt, -o or -Dtest=NAME: no goals, those are given.' \
        '                 What the projects of -pl need is built along with them'
      ;;
    build) printf '%s\n' 'Usage: xenolith build' 'Builds the product if its sources changed, and does nothing else.' ;;
    format) printf '%s\n' 'Usage: xenolith format' 'Lays out all Java sources with the settings of releng/format, which the build checks.' ;;
    ide)
      printf '%s\n' 'Usage: xenolith ide [--to FOLDER] [--run NAME]...' \
        'Makes an Eclipse workspace of this checkout, builds it without a window and lists the error markers; exit code 1 if there is one.' \
        '  --to FOLDER   where the workspace and the bundles of Eclipse go (default: dist/ide)' \
        '  --run NAME    run a launch configuration of releng/ide/launch afterwards: unit-test, boot'
      ;;
    clean) printf '%s\n' 'Usage: xenolith clean' 'Deletes what builds made; downloads stay.' ;;
    doctor)
      printf '%s\n' 'Usage: xenolith doctor [--json]' 'Says what this machine has, what it lacks, and how to get it; exit code 2 if it lacks what is needed.' \
        '  --json   prints one JSON document instead of lines (docs/json)'
      ;;
    sdk)
      printf '%s\n' 'Usage: xenolith sdk' 'Puts the contracts and the test kit into dist/sdk, for models outside this tree.' \
        'Usage: xenolith sdk repository [--without-javadoc]' \
        'Makes a Maven repository of them in dist/repository, with a BOM, sources and documentation, for Maven, Gradle and their like.' \
        'Usage: xenolith sdk p2' \
        'Makes a p2 repository in dist/p2, from which an Eclipse installs: all bundles and their sources, by features in categories.' \
        'Usage: xenolith sdk migrate [--check] FOLDER' \
        'Changes the sources of a model that was written for an earlier version, as far as what changed since is a rename.'
      ;;
    dist)
      printf '%s\n' 'Usage: xenolith dist' \
        'Puts archives of the product into dist: one with a runtime of its own for x86-64 Linux, the same with the workbench, and one for any Java 25; SHA256SUMS' \
        'beside them, and what they contain as CycloneDX. The same commit gives the same bytes in any folder; SOURCE_DATE_EPOCH' \
        '(seconds since 1970) says its date where there is no git.'
      ;;
    docs)
      printf '%s\n' 'Usage: xenolith docs [--to FOLDER] [--without-javadoc] [--no-open]' \
        'Makes pages for a browser of all that is written in this checkout, of the options of each command, the registers of each model and' \
        'the contracts, and opens the first. They need no server and no network.' \
        '  --to FOLDER         where they go (default: dist/site)' \
        '  --without-javadoc   leave out the documentation of the contracts, which takes longest' \
        '  --no-open           only make them'
      ;;
    inner)
      printf '%s\n' 'Usage: xenolith bench --inner [JMH-ARGUMENT ...]' \
        'Builds, and runs benchmarks of inner parts with JMH.' \
        '  JMH-ARGUMENT   for JMH as it is: a regular expression for names, or an option; -h lists those'
      ;;
    costs)
      printf '%s\n' 'Usage: xenolith costs [--json]' 'Measures what hypercalls, faults, events and grants cost the host, in nanoseconds.' \
        '  --json   prints one JSON document instead of lines (docs/json)'
      ;;
  esac
}

# show_usage COMMAND [ARGUMENT...]: prints how the command is used, and ends, if an argument asks for that
show_usage() {
  local command=$1 argument
  shift
  for argument; do
    if [[ $argument == -h || $argument == --help ]]; then
      usage "$command"
      exit 0
    fi
  done
}

# misused COMMAND MESSAGE: ends with both on standard error
misused() {
  quiet=
  say "$2"
  usage "$1" >&2
  exit 2
}

# no_arguments COMMAND [ARGUMENT...]: ends if there is any
no_arguments() {
  show_usage "$@"
  (($# == 1)) || misused "$1" "$1 takes no arguments, got '$2'"
}

# maven_options COMMAND [ARGUMENT...]: ends if one is no option of Maven 3.9 or the value of one. A goal, or an option that Maven
# refuses, would end the build halfway.
maven_options() {
  local command=$1
  shift
  while (($#)); do
    case $1 in
      -pl | --projects | -P | --activate-profiles | -rf | --resume-from | -T | --threads | -b | --builder | -D | --define | -s | \
        --settings | -gs | --global-settings | -t | --toolchains | -gt | --global-toolchains | -l | --log-file | --color)
        (($# > 1)) || misused "$command" "$command: $1 needs a value"
        shift
        ;;
      -D?* | -P?* | -T?* | --projects=* | --activate-profiles=* | --resume-from=* | --threads=* | --builder=* | --define=* | --settings=* | \
        --global-settings=* | --toolchains=* | --global-toolchains=* | --log-file=* | --color=*) ;;
      -am | --also-make | -amd | --also-make-dependents | -B | --batch-mode | -C | --strict-checksums | -c | --lax-checksums | -e | \
        --errors | -fae | --fail-at-end | -ff | --fail-fast | -fn | --fail-never | -itr | --ignore-transitive-repositories | -N | \
        --non-recursive | -nsu | --no-snapshot-updates | -ntp | --no-transfer-progress | -o | --offline | -q | --quiet | -U | \
        --update-snapshots | -X | --debug) ;;
      -*) misused "$command" "$command: '$1' is no option of it, nor one of Maven" ;;
      *) misused "$command" "$command: what is '$1'? Tests are chosen with Maven's options, as -pl :BUNDLE -Dtest=NAME" ;;
    esac
    shift
  done
}
