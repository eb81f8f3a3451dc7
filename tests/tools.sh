#!/usr/bin/env bash
# What the tests use beyond Python: installed where this machine lets us, named in one line where not. With CI=true a
# tool that could be had and is missing is a failure.
set -u
cd "$(dirname "$0")"

missing=()
command -v curl >/dev/null || missing+=(curl)
command -v Rscript >/dev/null || missing+=(r-base-core)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
if [ "${#missing[@]}" -gt 0 ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing ${missing[*]} ..."
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null && missing=()
fi
[ "${#missing[@]}" -eq 0 ] || echo "Not installed, so their tests are skipped: ${missing[*]}"

clients=ok
if [ ! node/package-lock.json -ot node/node_modules/.package-lock.json ]; then
  clients=missing
  if command -v npm >/dev/null; then
    echo "Installing a client and a checker written in JavaScript ..."
    npm ci --prefix node --ignore-scripts --no-audit --no-fund --loglevel=error && clients=ok
  fi
fi
[ "$clients" = ok ] || echo "Not installed, so their tests are skipped: Comunica, axe-core (need npm)"

# The W3C's SPARQL tests come with the source of rdflib: the edition that is locked, whose hash pip compares.
suites=ok
if [ ! -d w3c/suites ]; then
  suites=missing
  echo "Fetching the W3C's SPARQL tests ..."
  rm -rf w3c && mkdir -p w3c/new
  sed -n '/^rdflib==/,/[^\]$/p' ../requirements-dev.txt > w3c/lock.txt
  ../.venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary rdflib \
    --require-hashes --requirement w3c/lock.txt --dest w3c &&
    tar -xzf w3c/rdflib-*.tar.gz -C w3c && mv w3c/rdflib-*/test/data/suites/w3c/{dawg-data-r2,sparql11} w3c/new &&
    rm -rf w3c/rdflib-* && mv w3c/new w3c/suites && suites=ok
fi
[ "$suites" = ok ] || echo "Not fetched, so they are skipped: the W3C's SPARQL tests"

if [ "${CI:-}" = true ]; then
  [ "${#missing[@]}" -eq 0 ] && [ "$clients" = ok ] && [ "$suites" = ok ]
fi
