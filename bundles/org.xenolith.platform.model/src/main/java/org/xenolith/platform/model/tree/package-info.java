// SPDX-License-Identifier: EPL-2.0
/** Between the topology model and devicetrees: conversion, the text form of properties, and the facts derived from them. */
package org.xenolith.platform.model.tree;
