package com.example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cdk8s.Duration;

/** What a program reads from its objects; written at the end, so that languages can be compared. */
final class Report {
  private final List<String> lines = new ArrayList<>();

  void text(String name, String value) {
    lines.add(name + ": " + (value == null ? "none" : value));
  }

  void number(String name, Number value) {
    text(name, value == null ? null : plain(value.doubleValue()));
  }

  void flag(String name, boolean value) {
    text(name, String.valueOf(value));
  }

  void duration(String name, Duration value) {
    text(name, value == null ? null : value.toHumanString());
  }

  void texts(String name, List<String> values) {
    text(name, String.join(", ", values));
  }

  void map(String name, Map<String, String> values) {
    new TreeMap<>(values).forEach((key, value) -> text(name + "." + key, value));
  }

  void numbers(String name, Map<String, ? extends Number> values) {
    new TreeMap<String, Number>(values).forEach((key, value) -> number(name + "." + key, value));
  }

  void write(Path file) throws IOException {
    Files.writeString(file, String.join("\n", lines) + "\n");
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }
}
