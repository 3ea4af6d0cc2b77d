// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import java.util.List;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.EvtchnReset;
import org.xenolith.xen.abi.EvtchnSend;

/** A hypercall that keeps the contract; {@link #with} makes one that doesn't. */
class TwinHypercallContractTest extends HypercallContract {
  private static final int NUMBER = 60;

  enum Defect {
    NONE, SERVES_ANYTHING, READS_NOTHING, ASKS_NO_PRIVILEGE, SHARES_A_VIEW, THROWS
  }

  private Defect defect = Defect.NONE;

  static TwinHypercallContractTest with(Defect defect) {
    TwinHypercallContractTest twin = new TwinHypercallContractTest();
    twin.defect = defect;
    return twin;
  }

  @Override
  protected int number() {
    return NUMBER;
  }

  @Override
  protected String role() {
    return "twin";
  }

  @Override
  protected DeviceModelFactory factory() {
    return new DeviceModelFactory() {
      @Override
      public ModelDescription description() {
        return new ModelDescription("Twin", "A hypercall with a defect", "");
      }

      @Override
      public DeviceModel create(DeviceContext context) {
        context.port(HypercallsPort.class).claim(NUMBER, handler(context), context);
        return new Nothing();
      }
    };
  }

  private HypercallHandler handler(DeviceContext context) {
    EvtchnSend shared = new EvtchnSend();
    SubOperations right = new SubOperations(context).add(SubOperation.of(1, "send", shared, (call, send, caller) -> {
      if (defect == Defect.THROWS) {
        throw new IllegalStateException("port " + send.port());
      }
      return 0;
    }), SubOperation.of(3, "reset", new EvtchnReset(), (call, reset, domain) -> 0).target(EvtchnReset::dom).needs(Privilege.CONTROL),
        SubOperation.of(4, "close", defect == Defect.SHARES_A_VIEW ? shared : new EvtchnSend(), (call, close, caller) -> 0));
    return new HypercallHandler() {
      @Override
      public List<SubOperation<?>> operations() {
        return right.operations();
      }

      @Override
      public long call(Hypercall call) {
        int operation = (int) call.argument(0);
        boolean known = right.find(operation) != null;
        return switch (defect) {
          case SERVES_ANYTHING -> known ? right.call(call) : 0;
          case READS_NOTHING -> known && call.argument(1) < 4096 ? 0 : right.call(call);
          case ASKS_NO_PRIVILEGE -> operation == 3 && call.argument(1) >= 4096 ? 0 : right.call(call);
          default -> right.call(call);
        };
      }
    };
  }

  private static final class Nothing implements DeviceModel {
    private final DeviceState state = new DeviceState();

    @Override
    public DeviceState state() {
      return state;
    }

    @Override
    public void reset() {}
  }
}
