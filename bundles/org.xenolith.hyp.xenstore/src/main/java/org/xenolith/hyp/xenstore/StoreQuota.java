// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a domain without privilege may use, by the names of GET_QUOTA; names and defaults are our choice. */
final class StoreQuota {
  static final String NODES = "nodes";
  static final String WATCHES = "watches";
  static final String TRANSACTIONS = "transactions";
  static final String NODE_SIZE = "node-size";
  static final String PERMISSIONS = "node-permissions";
  static final String TRANSACTION_NODES = "transaction-nodes";

  private final Map<String, Integer> limits = new LinkedHashMap<>();

  StoreQuota() {
    limits.put(NODES, 1000);
    limits.put(WATCHES, 128);
    limits.put(TRANSACTIONS, 10);
    limits.put(NODE_SIZE, 2048);
    limits.put(PERMISSIONS, 5);
    limits.put(TRANSACTION_NODES, 1024);
  }

  int limit(String name) {
    Integer limit = limits.get(name);
    if (limit == null) {
      throw new StoreFault(StoreError.ENOENT);
    }
    return limit;
  }

  void limit(String name, long limit) {
    limit(name);
    limits.put(name, (int) Math.min(limit, Integer.MAX_VALUE));
  }

  String names() {
    return String.join(" ", limits.keySet());
  }

  Map<String, Integer> limits() {
    return limits;
  }
}
