// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.lsp4j.debug.Scope;
import org.eclipse.lsp4j.debug.ScopesArguments;
import org.eclipse.lsp4j.debug.ScopesResponse;
import org.eclipse.lsp4j.debug.SetVariableArguments;
import org.eclipse.lsp4j.debug.SetVariableResponse;
import org.eclipse.lsp4j.debug.Variable;
import org.eclipse.lsp4j.debug.VariablesArguments;
import org.eclipse.lsp4j.debug.VariablesResponse;
import org.xenolith.dap.DapRequest.When;
import org.xenolith.dap.VariableTree.Shown;
import org.xenolith.inspect.api.GuestProcessor;
import org.xenolith.inspect.api.InspectedProcessor;

/** Requests {@code scopes variables setVariable}: registers of the processor, and devices. */
final class VariableRequests {
  private static final String GENERAL = "general";
  private final AdaptedMachine machine;
  private final VariableTree tree = new VariableTree();

  VariableRequests(AdaptedMachine machine) {
    this.machine = machine;
  }

  void addTo(Map<String, DapRequest> requests) {
    DapRequest.add(requests, "scopes", When.HALTED, ScopesArguments.class, this::scopes);
    DapRequest.add(requests, "variables", When.HALTED, VariablesArguments.class, this::variables);
    DapRequest.add(requests, "setVariable", When.HALTED, SetVariableArguments.class, this::set);
  }

  /** What is shown, until the machine goes on. */
  VariableTree tree() {
    return tree;
  }

  /** Registers are those of the processor: nobody knows what they were in a caller. */
  private Object scopes(ScopesArguments arguments) {
    int thread = ThreadRequests.thread(arguments.getFrameId());
    Optional<GuestProcessor> waits = DomainThreads.is(thread) ? DomainThreads.find(machine.inspected(), thread).filter(each -> each.on()
        .isEmpty()) : Optional.empty();
    ScopesResponse response = new ScopesResponse();
    List<Scope> scopes = new ArrayList<>();
    if (waits.isPresent()) {
      Map<String, Long> registers = machine.inspected().registers(waits.get());
      if (!registers.isEmpty()) {
        scopes.add(scope("Registers", false, () -> registers.entrySet().stream().map(each -> Shown.of(each.getKey(), "0x%x".formatted(each
            .getValue()))).toList()));
      }
    } else {
      InspectedProcessor processor = machine.processor(thread);
      scopes.add(scope("Registers", false, () -> RegisterVariables.group(processor, GENERAL)));
      scopes.add(scope("System registers", true, () -> RegisterVariables.groups(processor, GENERAL)));
    }
    scopes.add(scope("Devices", true, () -> RegisterVariables.devices(machine.inspected().devices())));
    machine.inspected().guests().ifPresent(guests -> scopes.add(scope("Domains", true, () -> domains(guests))));
    response.setScopes(scopes.toArray(Scope[]::new));
    return response;
  }

  /** Each domain, and its virtual CPUs. */
  private List<Shown> domains(List<String> guests) {
    List<GuestProcessor> all = machine.inspected().guestProcessors();
    return guests.stream().map(guest -> {
      List<GuestProcessor> virtual = all.stream().filter(each -> each.guest().equals(guest)).toList();
      String on = virtual.stream().flatMapToInt(each -> each.on().stream()).mapToObj(each -> "CPU " + each).collect(Collectors.joining(
          ", "));
      return Shown.branch(guest, on.isEmpty() ? "no CPU executes it now" : "on " + on, virtual.isEmpty() ? null : () -> virtual.stream()
          .map(each -> Shown.of("vCPU " + each.number(), place(each))).toList());
    }).toList();
  }

  private String place(GuestProcessor virtual) {
    return virtual.on().isEmpty() ? virtual.state() : machine.inspected().processor(virtual.on().getAsInt()).map(each -> virtual.state()
        + " on CPU " + each.index() + ", " + machine.text(each, each.place().address()) + ", " + each.place().level()).orElse(virtual
            .state());
  }

  private Scope scope(String name, boolean expensive, Supplier<List<Shown>> children) {
    Scope scope = new Scope();
    scope.setName(name);
    scope.setExpensive(expensive);
    if (!expensive) {
      scope.setPresentationHint("registers");
    }
    scope.setVariablesReference(tree.number(children));
    return scope;
  }

  private Object variables(VariablesArguments arguments) {
    List<Shown> all = tree.children(arguments.getVariablesReference());
    int first = Math.clamp(arguments.getStart() == null ? 0 : arguments.getStart(), 0, all.size());
    int count = arguments.getCount() == null || arguments.getCount() <= 0 ? all.size() : arguments.getCount();
    List<Variable> shown = new ArrayList<>();
    all.stream().skip(first).limit(count).forEach(each -> shown.add(variable(each)));
    VariablesResponse response = new VariablesResponse();
    response.setVariables(shown.toArray(Variable[]::new));
    return response;
  }

  private Variable variable(Shown shown) {
    Variable variable = new Variable();
    variable.setName(shown.name());
    variable.setValue(shown.value());
    variable.setVariablesReference(tree.number(shown.children()));
    variable.setMemoryReference(shown.memory());
    variable.setEvaluateName(shown.memory() == null ? null : shown.name());
    return variable;
  }

  private Object set(SetVariableArguments arguments) {
    machine.checkWritable();
    Shown shown = named(arguments.getVariablesReference(), arguments.getName());
    if (shown.set() == null) {
      throw new RequestRefused(shown.name() + " can't be written to");
    }
    shown.set().accept(arguments.getValue());
    SetVariableResponse response = new SetVariableResponse();
    response.setValue(named(arguments.getVariablesReference(), arguments.getName()).value());
    return response;
  }

  private Shown named(int number, String name) {
    return tree.children(number).stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow(() -> new RequestRefused(
        "there is no '" + name + "' among these variables"));
  }
}
